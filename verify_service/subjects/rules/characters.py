"""Which code points are Han, Latin, blank or invisible, and which stand for another: data, no decisions.

Ranges are spelt out because Python 3.11 knows Unicode 14 only: Extensions H and I are "unassigned" to its
`unicodedata`, `isalpha()` is False for them, and dropping what it does not know would make two names equal.
"""

import unicodedata
from typing import Final

# Bodies of regular-expression character classes. U+3007 〇 is a letter of names; the twelve of U+FA0E-FA29 are
# unified ideographs that merely live among the compatibility ones.
HAN: Final = (
    "\u4e00-\u9fff\u3400-\u4dbf\u3007\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27-\ufa29"
    "\U00020000-\U0002a6df\U0002a700-\U0002ebe0\U0002ebf0-\U0002ee5d\U00030000-\U0003134a\U00031350-\U00033479"
)
LATIN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01bf\u01c4-\u024f\u1e00-\u1eff"  # without × ÷ and clicks
PRIVATE_USE: Final = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"

MIDDLE_DOT: Final = "\u00b7"  # the separator of minority and foreign names, 民委发〔2016〕33号
FULL_STOPS: Final = ".\uff0e"  # a separator in a Han name, an abbreviation in a Latin one
DOT_VARIANTS: Final = "\u2022\u30fb\uff65\u2027\u2219\u22c5\u25cf\u3002\uff61\u0387"
DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
APOSTROPHES: Final = "'`\u00b4\u02bc\u2018\u2019\u201b\u2032\uff07\uff40"
# U+2800 and U+3164 draw nothing; U+E5E5 is how Python decodes the ideographic space of GBK, A3A0.
BLANKS: Final = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u2800\u3000\u3164\ue5e5"
)
INVISIBLE: Final = frozenset(
    chr(code_point)
    for first, last in (
        (0x00AD, 0x00AD),  # soft hyphen
        (0x034F, 0x034F),  # combining grapheme joiner
        (0x061C, 0x061C),  # Arabic letter mark
        (0x180B, 0x180F),  # Mongolian variation selectors
        (0x200B, 0x200F),  # zero-width space and joiners, left-to-right and right-to-left marks
        (0x202A, 0x202E),  # embeddings and overrides that phone contacts copy along
        (0x2060, 0x206F),  # word joiner, invisible operators, isolates
        (0xFE00, 0xFE0F),  # variation selectors
        (0xFEFF, 0xFEFF),  # byte order mark
        (0xFFF9, 0xFFFB),  # interlinear annotation
        (0xE0000, 0xE0FFF),  # tags, ideographic variation selectors
    )
    for code_point in range(first, last + 1)
)

FULL_WIDTH: Final = {code_point: code_point - 0xFEE0 for code_point in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

# A circle typed for 〇, then what Unicode itself calls the same character. NFC of these is frozen by Unicode's
# stability policy; NFC or NFKC of a whole name is never applied before this table.
COMPATIBILITY: Final = {0x25CB: 0x3007, 0x25EF: 0x3007} | {
    code_point: ord(unified)
    for code_point in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
    if len(unified := unicodedata.normalize("NFC", chr(code_point))) == 1 and ord(unified) != code_point
}

# Text copied from a PDF holds radicals where characters stood. NFKC knows the Kangxi block and two of the supplement.
_RADICALS_BEYOND_NFKC: Final = (
    "2EA0民 2EC5见 2EC9贝 2ECB车 2ED3长 2ED4门 2ED8青 2ED9韦 2EDA页 2EDB风 2EDC飞 2EE2马 2EE4鬼 2EE5鱼 2EE6鸟 "
    "2EE7卤 2EE8麦 2EE9黄 2EEC齐 2EEE齿 2EF0龙"
)
RADICALS: Final = {int(pair[:4], 16): ord(pair[4]) for pair in _RADICALS_BEYOND_NFKC.split()} | {
    code_point: ord(unicodedata.normalize("NFKC", chr(code_point)))
    for code_point in (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3)
}

# GBK's eighty private characters U+E815-E864 (bytes FE50-FEA0) in order. Python's gb18030 decodes fourteen of them to
# private use, where glibc yields U+9FB4-9FBB and six of Extension B; banks and registries still send them.
_GBK_PRIVATE_USE: Final = """
    2E81 20087 20089 200CC 2E84 3473 3447 2E88 2E8B 9FB4 359E 361A 360E 2E8C 2E97 396E 3918 9FB5 39CF 39DF
    3A73 39D0 9FB6 9FB7 3B4E 3C6E 3CE0 2EA7 215D7 9FB8 2EAA 4056 415F 2EAE 4337 2EB3 2EB6 2EB7 2298F 43B1
    43AC 2EBB 43DD 44D6 4661 464C 9FB9 4723 4729 477C 478D 2ECA 4947 497A 497D 4982 4983 4985 4986 499F
    499B 49B7 49B6 9FBA 241FE 4CA3 4C9F 4CA0 4CA1 4C77 4CA2 4D13 4D14 4D15 4D16 4D17 4D18 4D19 4DAE 9FBB
"""
MAPPED_PRIVATE_USE: Final = {
    code_point: int(standard, 16)
    for code_point, standard in zip(range(0xE815, 0xE865), _GBK_PRIVATE_USE.split(), strict=True)
}
