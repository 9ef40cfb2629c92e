"""Lists that are kept: for the session that drew them, for a while, and so many."""

import time
from uuid import UUID

import pytest

from verify_service.consoles.kept_lists import KEPT_SECONDS, MOST_KEPT, KeptLists

SESSION, PARTNER = UUID(int=1), UUID(int=3)


def test_a_list_is_kept_for_ten_minutes_for_one_session(monkeypatch: pytest.MonkeyPatch) -> None:
    lists, now = KeptLists(), time.monotonic()
    lists.keep(SESSION, "C1", PARTNER, b"codes")

    assert lists.find(SESSION, "C1", PARTNER) == b"codes"
    assert lists.partners(SESSION, "C1") == {PARTNER}
    for session, cohort, partner in (
        (UUID(int=2), "C1", PARTNER),
        (SESSION, "C2", PARTNER),
        (SESSION, "C1", UUID(int=4)),
    ):
        assert lists.find(session, cohort, partner) is None
    assert lists.partners(UUID(int=2), "C1") == lists.partners(SESSION, "C2") == frozenset()
    monkeypatch.setattr(time, "monotonic", lambda: now + KEPT_SECONDS + 1)
    assert lists.find(SESSION, "C1", PARTNER) is None
    assert lists.partners(SESSION, "C1") == frozenset()


def test_the_oldest_list_is_forgotten_where_there_are_too_many() -> None:
    lists = KeptLists()
    for serial in range(MOST_KEPT + 1):
        lists.keep(SESSION, "C1", UUID(int=serial), b"codes")

    assert lists.partners(SESSION, "C1") == {UUID(int=serial) for serial in range(1, MOST_KEPT + 1)}
