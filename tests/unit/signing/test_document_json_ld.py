"""JSON-LD processors drop what no context defines. These tests let two of them look for such members."""

from typing import Any

import msgspec
import pytest
from openvc.keys import Ed25519SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.errors import ProofError
from pyld import jsonld  # type: ignore[import-untyped]  # PyLD ships no types

from signing import CredentialStatement, build_document


class UndefinedMemberError(Exception):
    pass


def _refuse(member: str | None) -> None:
    raise UndefinedMemberError(member)


def _expand(document: dict[str, Any], contexts: dict[str, Any]) -> list[Any]:
    def load(url: str, options: dict[str, Any]) -> dict[str, Any]:
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": contexts[url]}

    expanded: list[Any] = jsonld.expand(document, {"documentLoader": load}, on_property_dropped=_refuse)
    return expanded


def _sign_as_rdf(document: dict[str, Any], contexts: dict[str, Any]) -> None:
    """Openvc signs only what its safe mode and a round trip through compaction leave exactly as it was."""
    key = Ed25519SigningKey.generate("did:web:rz.example.cn#2026-c1")
    suite = DataIntegrityProofSuite()
    suite.add_proof(document, signing_key=key, verification_method=key.kid, extra_contexts=contexts)


@pytest.fixture(params=["full", "without photo", "passport"])
def document(request: pytest.FixtureRequest, statement: CredentialStatement) -> dict[str, Any]:
    changes: dict[str, dict[str, Any]] = {
        "full": {},
        "without photo": {"photo_hash": None},
        "passport": {"identity_type": "ext:passport"},
    }
    return build_document(msgspec.structs.replace(statement, **changes[request.param]))


def test_every_member_is_defined_by_the_two_contexts(document: dict[str, Any], contexts: dict[str, Any]) -> None:
    assert _expand(document, contexts)


def test_the_document_is_safe_to_sign_as_rdf(document: dict[str, Any], contexts: dict[str, Any]) -> None:
    _sign_as_rdf(document, contexts)


@pytest.mark.parametrize("member", ["sex", "templateDigest"])
def test_a_member_of_our_own_invention_would_be_noticed(
    statement: CredentialStatement, contexts: dict[str, Any], member: str
) -> None:
    document = build_document(statement)
    document["credentialSubject"][member] = "x"

    with pytest.raises(UndefinedMemberError):
        _expand(document, contexts)
    with pytest.raises(ProofError):
        _sign_as_rdf(document, contexts)
