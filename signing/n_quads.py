"""Our documents as RDF: canonical N-Quads (W3C RDFC-1.0), written without a JSON-LD processor.

The two contexts of a record are fixed, and so is what they make of each member: the tables below say it. Tests compare
the result with a JSON-LD processor's, member by member and over whole registers.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import count
from typing import Final, TypeAlias

from signing.canonical import JsonObject
from signing.errors import MalformedCredentialError

_CREDENTIALS: Final = "https://www.w3.org/2018/credentials#"
_STATUS: Final = "https://www.w3.org/ns/credentials/status#"
_SECURITY: Final = "https://w3id.org/security#"
_BADGES: Final = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_SCHEMA: Final = "https://schema.org/"
_DATE_TIME: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
_NODE: Final = "IRI"
_PLAIN: Final = "string"

_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_TYPES: Final = {
    "VerifiableCredential": _CREDENTIALS,
    "OpenBadgeCredential": _BADGES,
    "Profile": _BADGES,
    "AchievementSubject": _BADGES,
    "IdentityObject": _BADGES,
    "Achievement": _BADGES,
    "BitstringStatusListEntry": _STATUS,
    "DataIntegrityProof": _SECURITY,
}
"""The vocabulary of each type; the type's own name follows it."""

_MEMBERS: Final = {
    "name": (f"{_SCHEMA}name", _PLAIN),
    "description": (f"{_SCHEMA}description", _PLAIN),
    "issuer": (f"{_CREDENTIALS}issuer", _NODE),
    "validFrom": (f"{_CREDENTIALS}validFrom", _DATE_TIME),
    "credentialSubject": (f"{_CREDENTIALS}credentialSubject", _NODE),
    "credentialStatus": (f"{_CREDENTIALS}credentialStatus", _NODE),
    "relatedResource": (f"{_CREDENTIALS}relatedResource", _NODE),
    "digestSRI": (f"{_CREDENTIALS}digestSRI", f"{_CREDENTIALS}sriString"),
    "identifier": (f"{_BADGES}identifier", _NODE),
    "identityType": (f"{_BADGES}identityType", _PLAIN),
    "identityHash": (f"{_BADGES}identityHash", _PLAIN),
    # With https, unlike the dates: so Open Badges' context has it, and so it is signed.
    "hashed": (f"{_BADGES}hashed", "https://www.w3.org/2001/XMLSchema#boolean"),
    "licenseNumber": (f"{_BADGES}licenseNumber", _PLAIN),
    "achievement": (f"{_BADGES}achievement", _NODE),
    "achievementType": (f"{_BADGES}achievementType", _PLAIN),
    "humanCode": (f"{_BADGES}humanCode", _PLAIN),
    "criteria": (f"{_BADGES}Criteria", _NODE),
    "narrative": (f"{_BADGES}narrative", _PLAIN),
    "statusPurpose": (f"{_STATUS}statusPurpose", _PLAIN),
    "statusListIndex": (f"{_STATUS}statusListIndex", _PLAIN),
    "statusListCredential": (f"{_STATUS}statusListCredential", _NODE),
    "cryptosuite": (f"{_SECURITY}cryptosuite", f"{_SECURITY}cryptosuiteString"),
    "created": ("http://purl.org/dc/terms/created", _DATE_TIME),
    "verificationMethod": (f"{_SECURITY}verificationMethod", _NODE),
    "proofPurpose": (f"{_SECURITY}proofPurpose", _NODE),
}
"""What the contexts make of a member's name, and of its values: nodes, plain text, or text with a datatype."""
_SILENT: Final = frozenset({"@context", "id"})

_VOCABULARY: Final = {"assertionMethod": f"{_SECURITY}assertionMethod"}
"""The one value that a context turns into an IRI."""

_ESCAPED: Final = re.compile(r'[\x00-\x1f\x7f"\\\ufffe\uffff]')
_SHORT_ESCAPES: Final = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}
"""RDFC-1.0, "A Canonical form of N-Quads"; the others, controls and what XML 1.1 has no place for, are `\\uXXXX`."""


_Quad: TypeAlias = tuple[str, str, str]
"""Subject, predicate, object, as they are written but for the labels of nodes without an id."""


def canonical_n_quads(document: JsonObject) -> bytes:
    """Return RDFC-1.0's N-Quads of a document that `parse_document` accepts, or of its proof options, as UTF-8.

    Raises:
        MalformedCredentialError: a member or type outside the tables, or two nodes without an id that say the same:
            RDFC-1.0 §4.8 would search all their orders. No statement has such: its identities differ in their types.
    """
    quads: list[_Quad] = []
    try:
        _describe(document, quads, map("_:{}".format, count()))
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise MalformedCredentialError("the document has members that are not described as RDF here") from None
    labels = _canonical_labels(quads)
    # Sorted by code point or by UTF-16 code unit, as JavaScript does, alike: no two quads differ in a literal alone,
    # and all that stands before one is ASCII.
    lines = sorted(
        f"{labels.get(subject, subject)} {predicate} {labels.get(term, term)} .\n" for subject, predicate, term in quads
    )
    return "".join(lines).encode()


def _describe(node: JsonObject, quads: list[_Quad], labels: Iterator[str]) -> str:
    """Append what a node and those inside it say; return its IRI or, until it has a canonical one, the next label."""
    subject = f"<{node['id']}>" if "id" in node else next(labels)
    for name, value in node.items():
        if name in _SILENT:
            continue
        for item in value if isinstance(value, list) else (value,):
            if name == "type":
                quads.append((subject, _TYPE, f"<{_TYPES[item]}{item}>"))
                continue
            predicate, kind = _MEMBERS[name]
            if isinstance(item, dict):
                term = _describe(item, quads, labels)
            else:
                term = _value_term(str(item).lower() if isinstance(item, bool) else item, kind)
            quads.append((subject, f"<{predicate}>", term))
    return subject


def _value_term(value: str, kind: str) -> str:
    if kind == _NODE:
        return f"<{_VOCABULARY.get(value, value)}>"
    text = _ESCAPED.sub(_escape, value)
    return f'"{text}"' if kind == _PLAIN else f'"{text}"^^<{kind}>'


def _escape(character: re.Match[str]) -> str:
    return _SHORT_ESCAPES.get(character[0]) or f"\\u{ord(character[0]):04X}"


def _canonical_labels(quads: list[_Quad]) -> dict[str, str]:
    """Return the label of each node without an id: numbered in the order of their first degree hashes (§4.4.3)."""
    mentions: dict[str, list[_Quad]] = {}
    for quad in quads:
        for term in (quad[0], quad[2]):
            if term[0] == "_":
                mentions.setdefault(term, []).append(quad)
    nodes = {_first_degree_hash(node, about): node for node, about in mentions.items()}
    if len(nodes) < len(mentions):
        raise MalformedCredentialError("two nodes of the document say the same")
    return {nodes[digest]: f"_:c14n{place}" for place, digest in enumerate(sorted(nodes))}


def _first_degree_hash(node: str, about: list[_Quad]) -> str:
    """Hash the quads that mention a node (§4.6): the node is `_:a` in them, any other without an id is `_:z`."""

    def mark(term: str) -> str:
        return term if term[0] != "_" else "_:a" if term == node else "_:z"

    lines = sorted(f"{mark(subject)} {predicate} {mark(term)} .\n" for subject, predicate, term in about)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
