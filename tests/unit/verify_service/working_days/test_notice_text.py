"""The notice as it is published is read whole, and what is not understood is quoted."""

from datetime import date
from pathlib import Path

import pytest

from verify_service.errors import UsageError
from verify_service.working_days.model import Calendar
from verify_service.working_days.rules.counting import CalendarMissingError, working_days_left
from verify_service.working_days.rules.files import calendar_with, parse_notices
from verify_service.working_days.rules.notices import NoticeTextError, read_notice_text

ROOT = Path(__file__).parents[4]
REAL = {
    notice.year: notice for notice in parse_notices((ROOT / "tests/data/calendar_2020_2026.json").read_bytes(), "通知")
}
SOURCE = "国务院办公厅关于2026年部分节假日安排的通知"
NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府：
　　经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
　　二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
　　三、清明节：4月4日（周六）至6日（周一）放假，共3天。
　　四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
　　五、端午节：6月19日（周五）至21日（周日）放假，共3天。
　　六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
　　七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2025年11月4日
"""
# The wording of 2024, with a remark that is no day off.
NOTICE_2024 = """
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
"""


@pytest.mark.parametrize(("year", "text"), [(2026, NOTICE_2026), (2024, NOTICE_2024)])
def test_a_published_notice_pasted_whole_gives_the_real_year(year: int, text: str) -> None:
    notice = read_notice_text(text, year, SOURCE)

    assert notice.exceptions == REAL[year].exceptions
    assert (notice.year, notice.source) == (year, SOURCE)


def test_days_may_be_written_with_hyphens_too() -> None:
    text = NOTICE_2026.replace("1月1日（周四）至3日（周六）", "2026-01-01 至 2026-01-03")

    assert read_notice_text(text, 2026, SOURCE).exceptions == REAL[2026].exceptions


@pytest.mark.parametrize(
    ("right", "wrong", "code", "passage"),
    [
        ("1月4日（周日）上班", "1月4日（周一）上班", "CALENDAR_WEEKDAY", "1月4日（周一）"),
        (
            "4月4日（周六）至6日（周一）放假，共3天",
            "4月4日（周六）至6日（周一）",
            "CALENDAR_CLAUSE",
            "三、清明节：4月4日（周六）至6日（周一）",
        ),
        ("5月1日（周五）至5日（周二）", "5月5日（周二）至1日（周五）", "CALENDAR_DATE", "5月5日（周二）至1日（周五）"),
        ("6月19日（周五）至21日（周日）", "6月31日", "CALENDAR_DATE", "6月31日"),
        ("6月19日（周五）至21日（周日）", "19日至21日", "CALENDAR_DATE", "19日至21日"),
        (
            "10月1日（周四）至7日（周三）",
            "1月1日（周四）至10月7日（周三）",
            "CALENDAR_DATE",
            "1月1日（周四）至10月7日（周三）",
        ),
    ],
)
def test_a_passage_that_cannot_be_right_is_quoted(right: str, wrong: str, code: str, passage: str) -> None:
    assert NOTICE_2026.count(right) == 1

    with pytest.raises(NoticeTextError) as refused:
        read_notice_text(NOTICE_2026.replace(right, wrong), 2026, SOURCE)

    assert (refused.value.code, refused.value.passage) == (code, passage)


@pytest.mark.parametrize(
    ("text", "year", "source", "code"),
    [
        (NOTICE_2026, 2026, " ", "CALENDAR_SOURCE"),
        (NOTICE_2026.replace("1月4日（周日）上班", "1月5日（周一）上班"), 2026, SOURCE, "CALENDAR_DAY"),
        ("一、元旦：1月1日至1月2日放假。", 2026, SOURCE, "CALENDAR_COUNT"),
        ("国" * 20_001, 2026, SOURCE, "CALENDAR_FILE"),
        (NOTICE_2026, 2027, SOURCE, "CALENDAR_WEEKDAY"),
    ],
)
def test_half_a_notice_or_another_years_is_refused(text: str, year: int, source: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_notice_text(text, year, source)

    assert refused.value.code == code


def calendar() -> Calendar:
    none = Calendar(years=frozenset(), off_weekdays=frozenset(), working_weekend_days=frozenset())
    return calendar_with(none, REAL.values())


def test_working_days_left_count_the_last_day_and_not_today() -> None:
    # 30 September 2026 is a Wednesday; 1 to 7 October are off, Saturday the 10th is worked.
    assert working_days_left(date(2026, 10, 10), date(2026, 9, 30), calendar()) == 3
    assert working_days_left(date(2026, 10, 8), date(2026, 10, 8), calendar()) == 0
    assert working_days_left(date(2026, 9, 30), date(2026, 10, 10), calendar()) == -3
    with pytest.raises(CalendarMissingError):
        working_days_left(date(2027, 1, 4), date(2026, 12, 31), calendar())


def test_a_year_entered_anew_takes_the_place_of_what_was_known_of_it() -> None:
    (invented,) = parse_notices((ROOT / "tests/data/calendar_2027_invented.json").read_bytes(), None)

    entered = calendar_with(calendar(), [invented])
    again = calendar_with(entered, [read_notice_text(NOTICE_2026.replace("1月4日（周日）上班。", ""), 2026, SOURCE)])

    assert entered.years == calendar().years | {2027}
    assert entered.off_weekdays == calendar().off_weekdays | invented.off_weekdays
    assert again.off_weekdays == entered.off_weekdays
    assert entered.working_weekend_days - again.working_weekend_days == {date(2026, 1, 4)}
