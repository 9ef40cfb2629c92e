"""A signer at work looks at the last day's credentials only."""

import datetime

from verify_service.clock import now
from verify_service.database import new_row_id
from verify_service.signer.rules.recency import MARGIN, oldest_recent


def test_what_was_made_now_is_recent_and_tomorrow_still_until_a_day_has_passed() -> None:
    made, instant = new_row_id(), now()

    assert oldest_recent(instant) < made
    assert oldest_recent(instant + MARGIN - datetime.timedelta(minutes=1)) < made
    assert oldest_recent(instant + MARGIN + datetime.timedelta(minutes=1)) > made
