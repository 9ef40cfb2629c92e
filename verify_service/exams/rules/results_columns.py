"""The columns of a results file, and the two whose cells are written in many ways."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from verify_service.errors import FieldError
from verify_service.exams.model import OMNIMEDIA_OPERATOR, ONLINE_HOST, CertificateKindCode
from verify_service.subjects.rules.folding import fold_word
from verify_service.tables.model import Layout
from verify_service.tables.rules.people import ID_NUMBER_HEADINGS, NAME_HEADINGS

RESULTS_LAYOUT: Final = Layout(
    headings={
        "name": NAME_HEADINGS,
        "idNumber": ID_NUMBER_HEADINGS,
        "kind": ("证书类别", "证书类型", "证书名称", "证书种类", "报考岗位", "岗位"),
        "examOn": ("考试日期", "考试时间", "考核日期", "考核时间"),
        "sitting": ("考次", "考试次数", "考试类型"),
        "theoryScore": ("理论成绩", "理论考试成绩", "理论"),
        "practiceScore": ("实操成绩", "实操考核成绩", "实操", "技能成绩"),
        "conclusion": ("结论", "考核结论", "考试结论", "考核结果", "是否合格"),
    },
    required=frozenset({"name", "idNumber", "kind", "examOn", "sitting", "conclusion"}),
    ignored=frozenset({"序号", "编号", "no"}),
)
KIND_TITLES: Final = {"全媒体运营师": OMNIMEDIA_OPERATOR, "网络视听主播": ONLINE_HOST}
_CERTIFICATE: Final = re.compile("[《》]|岗位合格证书")
_DAY: Final = re.compile(r"(20[0-9]{2})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")


def parse_kind(text: str, kinds: Mapping[str, CertificateKindCode]) -> CertificateKindCode:
    """Return the kind of a certificate's title, 《》 and 岗位合格证书 apart. Raises FieldError EMPTY or PATTERN."""
    title = _CERTIFICATE.sub("", fold_word(text))
    if not title:
        raise FieldError("EMPTY")
    if title not in kinds:
        raise FieldError("PATTERN")
    return kinds[title]


def parse_exam_day(text: str, *, today: date) -> date:
    """Return a day written 2026-03-14, 2026/3/14, 2026.3.14, 2026年3月14日 or 20260314.

    Raises FieldError EMPTY, PATTERN (no such day, or a year before 2000), or EXAM_FUTURE.
    """
    word = fold_word(text)
    if not word:
        raise FieldError("EMPTY")
    match = _DAY.fullmatch(word)
    try:
        day = date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        day = None
    if day is None:
        raise FieldError("PATTERN")
    if day > today:
        raise FieldError("EXAM_FUTURE")
    return day
