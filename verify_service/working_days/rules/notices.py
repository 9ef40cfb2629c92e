"""The text of a yearly notice as the State Council's office publishes it (国务院办公厅关于…年部分节假日安排的通知).

Such as: 二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）上班。
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from verify_service.errors import UsageError
from verify_service.working_days.model import SATURDAY, YearNotice
from verify_service.working_days.rules.files import read_notice

MAX_TEXT: Final = 20_000

_CLAUSE_ENDS: Final = re.compile(r"[。；;\n]")
_OFF, _WORKED = "放假", "上班"
_ISO_DAY: Final = re.compile(r"(20[0-9]{2})-([0-9]{1,2})-([0-9]{1,2})")
_DAY: Final = (
    r"(?:(?:(?P<{0}year>20[0-9]{{2}})\s*年\s*)?(?P<{0}month>[0-9]{{1,2}})\s*月\s*)?(?P<{0}day>[0-9]{{1,2}})\s*日"
    r"(?:\s*[（(](?P<{0}said>[^（）()]*)[）)])?"
)
_DAYS: Final = re.compile(_DAY.format("first_") + r"(?:\s*[至到—–~～-]\s*" + _DAY.format("last_") + ")?")
_WEEKDAY: Final = re.compile("(?:周|星期)([一二三四五六日天])")
_WEEKDAYS: Final = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
# 安排职工在除夕（2月9日）休息: a recommendation to employers, not a day off for all.
_REMARK: Final = re.compile(r"[（(][^（）()]*[0-9]\s*日[^（）()]*[）)]")
_LONGEST_HOLIDAY: Final = timedelta(days=15)


class NoticeTextError(UsageError):
    """A passage of the notice cannot be understood; `passage` quotes it."""

    def __init__(self, code: str, passage: str) -> None:
        super().__init__(code, f"{passage}: not understood")
        self.passage = passage


def read_notice_text(text: str, year: int, source: str) -> YearNotice:
    """Return what the notice changes of a year.

    Clauses with 放假 name days off, those with 上班 weekend days worked; others that name days are refused, so that
    nothing is passed over. A weekday said in brackets must be the day's own, which finds the notice of another year.
    Raises NoticeTextError CALENDAR_CLAUSE, CALENDAR_DATE or CALENDAR_WEEKDAY, and UsageError as `parse_notices` does.
    """
    if len(text) > MAX_TEXT:
        raise UsageError("CALENDAR_FILE", f"the text is longer than {MAX_TEXT} characters")
    off: set[date] = set()
    worked: set[date] = set()
    for clause in _CLAUSE_ENDS.split(_ISO_DAY.sub(r"\1年\2月\3日", _REMARK.sub("", text))):
        days = list(_days(clause, year))
        if all(day.year != year for day in days):  # the day of the notice itself
            continue
        if (_OFF in clause) is (_WORKED in clause):
            raise NoticeTextError("CALENDAR_CLAUSE", clause.strip())
        if _OFF in clause:
            off.update(day for day in days if day.weekday() < SATURDAY)
        else:
            worked.update(days)
    return read_notice(year, source, sorted(off), sorted(worked))


def _days(clause: str, year: int) -> Iterator[date]:
    """Yield every day a clause names, those between two included."""
    month: int | None = None
    for match in _DAYS.finditer(clause):
        first = _day(match, "first_", year, month)
        month = first.month
        last = first if match["last_day"] is None else _day(match, "last_", year, month)
        if not first <= last <= first + _LONGEST_HOLIDAY:
            raise NoticeTextError("CALENDAR_DATE", match[0])
        month = last.month
        yield from (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _day(match: re.Match[str], which: str, year: int, month: int | None) -> date:
    said = match[f"{which}month"]
    try:
        day = date(int(match[f"{which}year"] or year), int(said) if said else month or 0, int(match[f"{which}day"]))
    except ValueError:
        raise NoticeTextError("CALENDAR_DATE", match[0]) from None
    weekday = _WEEKDAY.search(match[f"{which}said"] or "")
    if weekday is not None and _WEEKDAYS[weekday[1]] != day.weekday():
        raise NoticeTextError("CALENDAR_WEEKDAY", match[0])
    return day
