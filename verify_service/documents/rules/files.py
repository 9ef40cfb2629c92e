"""What files are called."""

import unicodedata
from typing import Final

MAX_NAME_BYTES: Final = 200
"""With the number and its ending a name of UTF-8 stays below the 255 bytes that file systems take."""


def file_name(name: str, certificate_number: str) -> str:
    """Return `姓名_证书编号.pdf` without any character a file system or shell would read as more than a name."""
    safe = "".join(c for c in name if unicodedata.category(c)[0] in {"L", "M", "N"} or c in "· -")
    kept = safe.strip().encode()[:MAX_NAME_BYTES].decode(errors="ignore")
    return f"{kept or 'certificate'}_{certificate_number}.pdf"
