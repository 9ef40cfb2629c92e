"""How two spellings of a partner's name are known to be one, and which registered names an unknown one resembles."""

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from verify_service.subjects.rules.characters import DASHES
from verify_service.subjects.rules.folding import drop_invisible

# One wrong character of four is still near; names that only share 职业技术学院 are not.
_NEAR: Final = 0.75
_SUGGESTIONS: Final = 3
_DASH_RUN: Final = re.compile(f"[{re.escape(DASHES)}]+")


def fold_partner_name(name: str) -> str:
    """Return what two spellings of one institution's name have in common.

    Blanks, what is invisible, case and width (brackets among it) are gone, every run of dashes is one hyphen. Words
    such as 有限公司 stay: without them, two companies could be one.
    """
    folded = unicodedata.normalize("NFKC", drop_invisible(name)).casefold()
    return _DASH_RUN.sub("-", "".join(character for character in folded if not character.isspace()))


def similar_names(name: str, registered: Mapping[str, str]) -> tuple[str, ...]:
    """Return the partners whose names `name` may be a misspelling of, the nearest first, at most three.

    `registered`: partners' names by each folded name that finds them.
    """
    near = get_close_matches(fold_partner_name(name), registered, n=_SUGGESTIONS, cutoff=_NEAR)
    return tuple(dict.fromkeys(registered[folded] for folded in near))
