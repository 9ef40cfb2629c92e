"""What a stored record shows of its person; a signature is not checked here."""

import msgspec


class _Identifier(msgspec.Struct):
    identity_hash: str = msgspec.field(name="identityHash")


class _Subject(msgspec.Struct):
    identifier: tuple[_Identifier, ...]


class _Document(msgspec.Struct):
    subject: _Subject = msgspec.field(name="credentialSubject")


class ShownFacts(msgspec.Struct, frozen=True):
    """The two facts that stand in a record in clear, and in no other column."""

    name: str
    sex: str


def shown_facts(document: bytes) -> ShownFacts:
    """Return name and sex of a document, signed or yet to be: always its first two identifiers."""
    name, sex, *_ = msgspec.json.decode(document, type=_Document).subject.identifier
    return ShownFacts(name.identity_hash, sex.identity_hash)
