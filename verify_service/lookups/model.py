"""The question and the answer of a lookup, as HTTP carries them."""

import datetime
from typing import Literal

import msgspec

from verify_service.answers import PublicReason, Status


class LookupRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What was typed: any two facts, or all three."""

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None


class CertificateAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """One certificate of the person asked about. `name` stands only if it was typed, and as it was typed."""

    kind: str
    title: str
    number: str
    issued_on: datetime.date
    issuer: str
    status: Status
    status_since: datetime.datetime | None
    status_reason: PublicReason | None
    superseded_by: str | None
    name: str | msgspec.UnsetType = msgspec.UNSET


class LookupAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """The answer. Its causes of `not_found` (nobody, a wrong half, two namesakes) are the same bytes."""

    outcome: Literal["found", "not_found"]
    checked_at: datetime.datetime
    certificates: tuple[CertificateAnswer, ...]


class RefusedLookup(msgspec.Struct, frozen=True):
    """A question among many that was not asked of the register, because it may not be now: no answer to it."""

    code: Literal["too-many-requests"] = "too-many-requests"
    """The name of the problem that the question alone would be answered with."""


class FieldProblem(msgspec.Struct, frozen=True):
    """What is wrong with one typed field; the value itself is never repeated."""

    field: Literal["name", "idNumber", "phone"]
    code: str
