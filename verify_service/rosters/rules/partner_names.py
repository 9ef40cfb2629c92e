"""Column 合作机构名称."""

import re
from typing import Final

from verify_service.errors import FieldError
from verify_service.subjects.rules.folding import collapse_blanks, drop_invisible

MAX_CHARACTERS: Final = 100
_LOST: Final = re.compile("[?？□\ufffd]")
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")
# A formula, or a column shifted by one: a phone or ID number would stand in the clear, where no erasure reaches it.
_FOREIGN: Final = re.compile(r"[=+\-@＝＋－＠]|[0-9]{6,}[0-9Xx]$")
_PLACEHOLDERS: Final = frozenset({"同上", "同前", "略", "无", "暂无", "未知", "待定"})


def parse_partner_name(text: str) -> str:
    """Return a partner's name, blanks at the edges gone and runs of them single.

    Raises FieldError, the first that applies: EMPTY, REPLACEMENT (a lost character), CHARSET (what is a number or a
    formula, too), PATTERN (同上 and the like), TOO_LONG. Whether such a partner exists is the register's to say.
    """
    name = collapse_blanks(drop_invisible(text))
    if not name:
        raise FieldError("EMPTY")
    if _LOST.search(name):
        raise FieldError("REPLACEMENT")
    if _UNPRINTABLE.search(name) or _FOREIGN.match(name) or not any(character.isalpha() for character in name):
        raise FieldError("CHARSET")
    if name in _PLACEHOLDERS:
        raise FieldError("PATTERN")
    if len(name) > MAX_CHARACTERS:
        raise FieldError("TOO_LONG")
    return name
