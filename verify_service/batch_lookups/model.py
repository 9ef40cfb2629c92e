"""The batch and its lines, as HTTP carries them."""

import datetime
from typing import Final, Literal

import msgspec

from verify_service.lookups.model import CertificateAnswer
from verify_service.lookups.rules import MalformedLookup, Question
from verify_service.problems import RefusedField

MAX_ROWS: Final = 500

RowOutcome = Literal["found", "not_found", "malformed", "refused", "unavailable"]
RowCode = Literal["two-fields-required", "malformed-field", "malformed-body", "too-many-requests", "unavailable"]


class BatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body. Each member is read by itself, so that one that cannot be read spoils no other."""

    lookups: tuple[msgspec.Raw, ...]


class BatchRow(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One line of the answer. `found` and `not_found` are answers; the other three are none, and `code` says why."""

    row: int
    """From 1, in the order of the request."""
    outcome: RowOutcome
    code: RowCode | msgspec.UnsetType = msgspec.UNSET
    """The name of the problem that the question alone would have been answered with."""
    errors: tuple[RefusedField, ...] | msgspec.UnsetType = msgspec.UNSET
    checked_at: datetime.datetime | msgspec.UnsetType = msgspec.UNSET
    certificates: tuple[CertificateAnswer, ...] | msgspec.UnsetType = msgspec.UNSET


class AskedRow(msgspec.Struct, frozen=True):
    """One row of a batch that was read: a question, or why it is none (None: not even the three fields)."""

    row: int
    question: Question | MalformedLookup | None
