"""Why a certificate was not drawn. One tree, so that a caller can catch `PdfError` and nothing else leaks.

No message quotes what was to be printed: a name is a personal datum even when it cannot be drawn.
"""


def code_points(characters: tuple[str, ...]) -> str:
    """Return what to call characters that cannot be shown: `U+2A6A5, U+31350`."""
    return ", ".join(f"U+{ord(character):04X}" for character in characters)


class PdfError(Exception):
    """The certificate was not drawn; nothing was returned."""


class MissingGlyphError(PdfError):
    """No face at hand draws these characters. The message names code points alone, as `U+2FFFF`."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        super().__init__(f"no face draws {code_points(characters)}")
        self.characters = characters


class TextTooLongError(PdfError):
    """A text does not fit its place even at its smallest permitted size; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is too long for its place on the page")
        self.field = field


class PhotoError(PdfError):
    """The photo is not a readable JPEG, or has too few or too many pixels to print."""


class SealError(PdfError):
    """The seal image is not a readable PNG with an alpha channel of sensible size."""


class LogoError(PdfError):
    """The logo image is not a readable PNG of sensible size and shape."""


class QrError(PdfError):
    """The matrix is not a QR symbol (ISO/IEC 18004 versions 1 to 40), or too large for the page."""


class FontError(PdfError):
    """A font file is missing, damaged or without TrueType outlines, or a folder has none."""


class UnknownDesignError(PdfError):
    """No design has this code."""


class SignatureError(PdfError):
    """There is no room, or too little, for a signature."""
