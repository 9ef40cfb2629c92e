"""The digest over an amendment: another for whatever a second person would want to know."""

import datetime
from uuid import UUID

import msgspec
import pytest

from verify_service.drafts.model import Changes, Content, Draft, DraftState
from verify_service.drafts.rules.binding import AmendmentChangedError, digest_of, require_as_shown
from verify_service.tables.model import Difference

NOW = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
DRAFT = Draft(
    draft_id=UUID(int=1),
    content=Content.ROSTER,
    cohort_code="C1",
    kind="omnimedia_operator",
    partner_id=None,
    uploaded_by="registrar-1",
    file_digest=b"",
    state=DraftState.OPEN,
    row_count=1,
    rejected_count=0,
    amended_by="registrar-1",
    created_at=NOW,
    changed_at=NOW,
)
CHANGES = Changes({10: {"name": "林改名"}, 9: {"sex": "女"}}, frozenset({3, 12}), {1: 0})
SHOWN = (Difference(1, "name", "林一芳", "林改名"),)


def digest(**changes: object) -> str:
    asked = {"draft": DRAFT, "changes": CHANGES, "amendment": "更名", "differences": SHOWN} | changes
    return digest_of(**asked)  # type: ignore[arg-type]  # each as it is named


@pytest.mark.parametrize(
    "other",
    [
        {"draft": msgspec.structs.replace(DRAFT, draft_id=UUID(int=2))},
        {"draft": msgspec.structs.replace(DRAFT, amended_by="registrar-2")},
        {"changes": msgspec.structs.replace(CHANGES, corrections={})},
        {"changes": msgspec.structs.replace(CHANGES, removed=frozenset({3}))},
        {"changes": msgspec.structs.replace(CHANGES, assigned={1: 1})},
        {"amendment": "户口本更名"},
        {"amendment": None},
        {"differences": ()},
        {"differences": (Difference(1, "name", "林一方", "林改名"),)},
    ],
)
def test_whatever_changed_has_another_digest(other: dict[str, object]) -> None:
    with pytest.raises(AmendmentChangedError):
        require_as_shown(digest(**other), digest())
    with pytest.raises(AmendmentChangedError):
        require_as_shown(digest(), digest(**other))


def test_what_is_the_same_has_the_same_digest_in_whatever_order_it_came() -> None:
    again = Changes({9: {"sex": "女"}, 10: {"name": "林改名"}}, frozenset({12, 3}), {1: 0})
    require_as_shown(digest(changes=again), digest())
    require_as_shown(digest(amendment=None), "")
