"""A QR text as the modules of its symbol (ISO/IEC 18004), for whoever draws it."""

from typing import Final

import segno

from signing.errors import MalformedCredentialError
from signing.qr import MAX_QR_TEXT_CHARACTERS

_ERROR_LEVEL: Final = "m"
"""At a fixed printed size the larger modules of level M are read from poorer photos than the redundancy of Q."""

_MASK: Final = 2
"""Trying all eight masks takes five times as long (14 ms against 2.8 ms a symbol). On texts
of ours this one is the best most often, and its penalty is 2 % above the best one's on average; readers take any."""


def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the rows of the symbol, top to bottom, True for dark; the quiet zone of 4 modules is not included.

    Raises:
        MalformedCredentialError: the text is not ASCII or too long to be a QR text.
    """
    if not text.isascii() or len(text) > MAX_QR_TEXT_CHARACTERS:
        raise MalformedCredentialError("not the text of a certificate's QR code")
    symbol = segno.make_qr(text, error=_ERROR_LEVEL, mask=_MASK, mode="byte", boost_error=False)
    return tuple(tuple(map(bool, row)) for row in symbol.matrix)
