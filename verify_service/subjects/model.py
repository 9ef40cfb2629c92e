"""What the service knows of one person, each value in the one spelling that is stored, printed and signed."""

from datetime import date
from enum import StrEnum

import msgspec


class DocumentType(StrEnum):
    """The identity document a number stands on; the value is what the database and the API carry."""

    RESIDENT = "resident"  # 居民身份证, GB 11643-1999
    HMT_RESIDENCE = "hmt_residence"  # 港澳台居民居住证, 810000, 820000 or 830000 in front
    FOREIGN_PR = "foreign_pr"  # 外国人永久居留身份证 since 2023-12-01, first digit 9
    FOREIGN_PR_2017 = "foreign_pr_2017"  # the card of 2017, three letters and twelve digits, still valid
    HM_PERMIT = "hm_permit"  # 港澳居民来往内地通行证
    TW_PERMIT = "tw_permit"  # 台湾居民来往大陆通行证
    PASSPORT_CN = "passport_cn"  # 中华人民共和国护照


class Sex(StrEnum):
    """The two values of column 性别; the value is the character printed on the certificate."""

    MALE = "男"
    FEMALE = "女"


class IdNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A checked number in capitals without separators; a first-generation number stands in its 18-digit form.

    `birth_on` and `sex` are what the number itself says, None where its document type does not say it.
    `warnings`: X_LOOKALIKE, LEGACY_15, UNDER_16, TAIL_000.
    """

    value: str
    document_type: DocumentType
    birth_on: date | None = None
    sex: Sex | None = None
    warnings: tuple[str, ...] = ()


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """A name of 1 to 50 code points as printed and signed: Han, Latin letters, the separator U+00B7.

    `warnings`: INVISIBLE, COMPAT_IDEOGRAPH, RADICAL, PUA_MAPPED, DOT_VARIANT, SPACE, FULLWIDTH, MIXED_SCRIPT, SHORT.
    """

    value: str
    warnings: tuple[str, ...] = ()


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """A mainland mobile number, eleven ASCII digits. `warnings`: TAIL_ZEROS."""

    value: str
    warnings: tuple[str, ...] = ()


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One person as the register holds them, every value in its normalised form."""

    name: str
    sex: Sex
    id_number: str
    document_type: DocumentType
    phone: str | None
    """None once its retention has ended, until a roster brings one again."""
