"""What people read, in their language: `public_site/translations/<language>/<topic>.json`, flat objects of strings."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

PUBLIC_SITE: Final = Path(__file__).resolve().parent.parent / "public_site"


class Language(StrEnum):
    """A language the pages and messages exist in; the value is its BCP 47 tag."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


@cache
def catalogue(language: Language, topic: str) -> Mapping[str, str]:
    """Return every sentence of one topic; a missing file or a non-string value is a packaging error and raises."""
    path = PUBLIC_SITE / "translations" / language / f"{topic}.json"
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


def load_catalogues() -> None:
    """Read every topic in every language, for a process that will soon not be able to."""
    for language in Language:
        for path in (PUBLIC_SITE / "translations" / language).iterdir():
            catalogue(language, path.stem)
