"""What may be packed, what a courier's number looks like, and in which order a parcel's days come."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from signing import MalformedCredentialError, parse_certificate_number
from verify_service.deliveries.model import Contents, Dispatch, Obstacle, Paper, RefusedNumber
from verify_service.errors import UsageError
from verify_service.subjects.rules.folding import fold_word

MAX_ITEMS: Final = 3_000
MAX_NOTE: Final = 200
MAX_COURIER: Final = 40

_BETWEEN_NUMBERS: Final = re.compile(r"[\s,;，；、]+")
_COURIER_NUMBER: Final = re.compile(r"[A-Z0-9-]{6,40}")
# An ID number or a phone: what has that many digits has no place in a note.
_LONG_NUMBER: Final = re.compile(r"(?:[0-9０-９][\s-]?){11}")


def read_numbers(text: str) -> tuple[str, ...]:
    """Return the certificate numbers of a scanned or pasted list, each once, in its order, folded to capitals.

    Between them stand blanks, commas, semicolons or ends of lines. Raises UsageError DELIVERY_EMPTY, DELIVERY_LARGE.
    """
    found = tuple(dict.fromkeys(fold_word(word).upper() for word in _BETWEEN_NUMBERS.split(text) if word))
    if not found:
        raise UsageError("DELIVERY_EMPTY", "there is no certificate number")
    if len(found) > MAX_ITEMS:
        raise UsageError("DELIVERY_LARGE", f"a delivery holds {MAX_ITEMS} certificates")
    return found


def refused_numbers(
    numbers: Iterable[str], papers: Mapping[str, Paper], contents: Contents
) -> tuple[RefusedNumber, ...]:
    """Return which of the numbers cannot be packed for this partner and class, and why, in their order."""
    found = (_refused(number, papers.get(number), contents) for number in numbers)
    return tuple(refused for refused in found if refused is not None)


def read_dispatch(sent_on: date, courier: str, courier_number: str, *, packed_on: date, today: date) -> Dispatch:
    """Return how a parcel left. Raises UsageError for a day before it was packed or after today, or a wrong word."""
    _require_between("SENT_ON", sent_on, packed_on, today)
    company = " ".join(courier.split())
    if not company or len(company) > MAX_COURIER:
        raise UsageError("COURIER", f"name the courier in up to {MAX_COURIER} characters, or how it was handed over")
    number = fold_word(courier_number).upper()
    if number and not _COURIER_NUMBER.fullmatch(number):
        raise UsageError("COURIER_NUMBER", "a courier's number has 6 to 40 letters, digits and dashes")
    return Dispatch(sent_on=sent_on, courier=company, courier_number=number or None)


def require_received_on(received_on: date, *, sent_on: date, today: date) -> date:
    """Return the day a parcel arrived. Raises UsageError for one before it was sent or after today."""
    _require_between("RECEIVED_ON", received_on, sent_on, today)
    return received_on


def read_note(text: str) -> str | None:
    """Return a note on a parcel, None for an empty one.

    Raises UsageError NOTE_LONG, and NOTE_PERSONAL for what looks like an ID number or a phone: a note is not sealed.
    """
    note = " ".join(text.split())
    if len(note) > MAX_NOTE:
        raise UsageError("NOTE_LONG", f"a note has up to {MAX_NOTE} characters")
    if _LONG_NUMBER.search(note):
        raise UsageError("NOTE_PERSONAL", "a note holds no ID number and no phone")
    return note or None


def _refused(number: str, paper: Paper | None, contents: Contents) -> RefusedNumber | None:
    if paper is None:
        return RefusedNumber(number, Obstacle.UNKNOWN if _is_well_formed(number) else Obstacle.MALFORMED)
    obstacle, detail = _obstacle(paper, contents.partner_id, contents.cohort_id)
    return None if obstacle is None else RefusedNumber(number, obstacle, detail)


def _obstacle(paper: Paper, partner_id: UUID, cohort_id: UUID | None) -> tuple[Obstacle | None, str]:
    """Return the first thing in the way, what cannot be mended before what can."""
    if paper.partner_id != partner_id:
        return Obstacle.OTHER_PARTNER, ""
    if cohort_id not in {None, paper.cohort_id}:
        return Obstacle.OTHER_COHORT, ""
    if paper.status == "revoked":
        return Obstacle.REVOKED, ""
    if paper.status == "superseded":
        return Obstacle.SUPERSEDED, paper.successor or ""
    if paper.held_in is not None:
        return Obstacle.IN_DELIVERY, str(paper.held_in)
    return (None, "") if paper.printed else (Obstacle.NOT_PRINTED, "")


def _is_well_formed(number: str) -> bool:
    try:
        parse_certificate_number(number)
    except MalformedCredentialError:
        return False
    return True


def _require_between(code: str, day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        raise UsageError(code, f"{day} is not between {first} and {last}")
