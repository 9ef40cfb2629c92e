"""The question whether fields agree, and its answer, as HTTP carries them."""

import datetime
from typing import Literal

import msgspec

FieldName = Literal["name", "idNumber", "phone", "number", "issuedOn", "kind"]
Agreement = Literal["match", "mismatch", "not_kept"]
"""`not_kept`: the register no longer holds this fact, so that it could not be checked; that is no mismatch."""


class CheckedFields(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What is to be compared: a fact about the person, or what the paper says."""

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    number: str | None = None
    issued_on: str | None = None
    kind: str | None = None


class MatchRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Whose certificate, by a token or by two facts as in a lookup, and what is compared with it."""

    check: CheckedFields
    token: str | None = None
    name: str | None = None
    id_number: str | None = None
    phone: str | None = None


class MatchedFields(msgspec.Struct, frozen=True, rename="camel"):
    """What came of each field that was to be compared; the others are absent."""

    name: Agreement | msgspec.UnsetType = msgspec.UNSET
    id_number: Agreement | msgspec.UnsetType = msgspec.UNSET
    phone: Agreement | msgspec.UnsetType = msgspec.UNSET
    number: Agreement | msgspec.UnsetType = msgspec.UNSET
    issued_on: Agreement | msgspec.UnsetType = msgspec.UNSET
    kind: Agreement | msgspec.UnsetType = msgspec.UNSET


class MatchAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """The answer. All causes of `not_found` are the same bytes, and say nothing about any field."""

    outcome: Literal["found", "not_found"]
    checked_at: datetime.datetime
    fields: MatchedFields = MatchedFields()


class Paper(msgspec.Struct, frozen=True):
    """What a certificate says besides whose it is, as it was typed; None where it was not."""

    number: str | None = None
    issued_on: datetime.date | None = None
    kind: str | None = None


class Candidate(msgspec.Struct, frozen=True):
    """One certificate that was opened, and which of the asked blind indexes are its own."""

    kind: str
    number: str
    issued_at: datetime.datetime
    has_phone: bool
    agreed: frozenset[bytes]
