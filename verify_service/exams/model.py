"""What the register keeps of an exam: at most two sittings for each enrolment and kind of certificate."""

from datetime import date
from enum import StrEnum
from typing import Final, NewType

import msgspec

# A kind is a row of the register, not a line of code; these two are named because rosters and results name them.
CertificateKindCode = NewType("CertificateKindCode", str)
OMNIMEDIA_OPERATOR: Final = CertificateKindCode("omnimedia_operator")  # 全媒体运营师
ONLINE_HOST: Final = CertificateKindCode("online_host")  # 网络视听主播


class SittingKind(StrEnum):
    """考次: the first sitting, or the one free make-up."""

    FIRST = "first"
    MAKE_UP = "makeUp"


class Conclusion(StrEnum):
    """结论, which alone decides; scores are only kept."""

    PASSED = "passed"  # 合格
    FAILED = "failed"  # 不合格
    ABSENT = "absent"  # 缺考: fails, and keeps the make-up
    VOID = "void"  # 作废: fails, and leaves no make-up


class SittingChange(StrEnum):
    """What an import changes of one sitting; the value stands in its JSON."""

    SITTING = "sitting"  # a new one
    CONCLUSION = "conclusion"
    DATE = "date"
    SCORES = "scores"


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """One sitting of one exam entry. Scores are whole tenths of a point, 0 to 1000; None where the file has none."""

    kind: SittingKind
    held_on: date
    conclusion: Conclusion
    theory_score_tenths: int | None = None
    practice_score_tenths: int | None = None
