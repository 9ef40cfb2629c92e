"""How far a person has come, and what the partner has still to bring."""

import datetime
from uuid import UUID

import msgspec
import pytest

from verify_service.exams.model import Conclusion
from verify_service.portal.model import Lack, OwnCertificate, OwnEntry, SatOn, Stage
from verify_service.portal.rules import PAGE_ROWS, page_of

DAY = datetime.date(2026, 3, 14)
ENTRY = OwnEntry(
    enrolment_id=UUID(int=1),
    cohort="C1",
    kind="omnimedia_operator",
    name="林一芳",
    id_number="1****************8",
    enrolled_on=DAY,
    has_photo=False,
    missing_characters=("𲎮",),
    first=None,
    make_up=None,
    due_on=None,
    certificate=None,
    code_listed=False,
    code_redeemed_on=None,
)


@pytest.mark.parametrize(
    ("first", "make_up", "stage"),
    [
        (None, None, Stage.ENROLLED),
        (Conclusion.PASSED, None, Stage.PASSED),
        (Conclusion.FAILED, None, Stage.MAKE_UP_OPEN),
        (Conclusion.ABSENT, None, Stage.MAKE_UP_OPEN),
        (Conclusion.VOID, None, Stage.NOT_PASSED),
        (Conclusion.FAILED, Conclusion.PASSED, Stage.PASSED),
        (Conclusion.FAILED, Conclusion.ABSENT, Stage.NOT_PASSED),
    ],
)
def test_the_latest_sitting_says_how_far_somebody_is(
    first: Conclusion | None, make_up: Conclusion | None, stage: Stage
) -> None:
    sat = {
        name: None if conclusion is None else SatOn(DAY, conclusion)
        for name, conclusion in (("first", first), ("make_up", make_up))
    }
    entry = msgspec.structs.replace(ENTRY, **sat)

    assert entry.stage is stage
    assert entry.lacks == (() if stage is Stage.NOT_PASSED else (Lack.PHOTO, Lack.CHARACTER))


@pytest.mark.parametrize(("status", "stage"), [("valid", Stage.ISSUED), ("revoked", Stage.REVOKED)])
def test_with_a_certificate_nothing_is_missing_any_more(status: str, stage: Stage) -> None:
    certificate = OwnCertificate("QMT2026000001O", DAY, status)  # type: ignore[arg-type]  # a literal of both
    entry = msgspec.structs.replace(ENTRY, certificate=certificate)

    assert (entry.stage, entry.lacks) == (stage, ())


@pytest.mark.parametrize(
    ("rows", "asked", "number", "count", "shown"),
    [(0, 1, 1, 1, 0), (100, 1, 1, 1, 100), (101, 2, 2, 2, 1), (101, 0, 1, 2, 100), (101, 9, 2, 2, 1), (5, -3, 1, 1, 5)],
)
def test_a_page_out_of_range_is_the_nearest_there_is(
    rows: int, asked: int, number: int, count: int, shown: int
) -> None:
    page = page_of(range(rows), asked)

    assert PAGE_ROWS == 100
    assert (page.number, page.count, len(page.rows)) == (number, count, shown)
