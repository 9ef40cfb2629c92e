"""What files are called."""

import unicodedata
from typing import Final

MAX_NAME_CHARACTERS: Final = 60


def file_name(name: str, certificate_number: str) -> str:
    """Return `姓名_证书编号.pdf` without any character a file system or shell would read as more than a name."""
    safe = "".join(c for c in name if unicodedata.category(c)[0] in {"L", "M", "N"} or c in "· -")
    return f"{safe.strip()[:MAX_NAME_CHARACTERS] or 'certificate'}_{certificate_number}.pdf"
