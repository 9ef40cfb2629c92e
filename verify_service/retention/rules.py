"""When each class of personal data is due, in days and in words."""

import datetime
from collections.abc import Mapping
from typing import Final

from verify_service.retention.model import DataClass, Term

RULES: Final[Mapping[DataClass, str]] = {
    DataClass.ROSTERS: "people without any certificate are erased after their last enrolment or sitting",
    DataClass.PHOTOS: "photos are deleted after the certificate, else after the last sitting or enrolment",
    DataClass.PHONES: "phones, and what finds certificates by them, are deleted after the last certificate",
    DataClass.RESULTS: "scores are deleted after the sitting; its date and conclusion stay",
    DataClass.REDEMPTION_CODES: "codes are deleted after they were redeemed, or the enrolment saw its last event",
    DataClass.DRAFTS: "drafts of rosters and results are deleted after they were uploaded, whatever became of them",
}
"""In the order they are applied: whoever is erased has nothing left for the other classes to end."""

FAILURES_RULE: Final = "failed questions end once they have left the longest window they are counted in"


def kept_days(term: Term) -> int | None:
    """Return how many days a class is kept, None for ever."""
    return None if term.keep_days == "forever" else term.keep_days


def cut_off(term: Term, today: datetime.date) -> datetime.date | None:
    """Return the day before which a class is due, None where it is kept for ever.

    What is dated that very day is `keep_days` days old, and stays until tomorrow.
    """
    days = kept_days(term)
    return None if days is None else today - datetime.timedelta(days=days)
