"""The sentence that belongs to a code: what is wrong and what to do, in the reader's language."""

from verify_service.errors import FileRefusedError
from verify_service.translations import Language, catalogue


def explain(code: str, *, about: str = "", language: Language = Language.CHINESE) -> str:
    """Return the sentence of a code; where it has one of its own for a field or kind of file, `about` selects it.

    `pdf.*` is the sentence of whatever code a PDF is refused by.
    """
    sentences = catalogue(language, "codes")
    return sentences.get(f"{about}.{code}") or sentences.get(f"{about}.*") or sentences[code]


def refusal(code: str, *, about: str = "", **details: str | int) -> FileRefusedError:
    """Return the error that refuses a whole file; details fill the sentence's placeholders."""
    return FileRefusedError(code, explain(code, about=about).format(**details), about=about, details=details)


def explain_refusal(error: FileRefusedError, language: Language) -> str:
    """Return the sentence of a refused file in a language."""
    return explain(error.code, about=error.about, language=language).format(**error.details)
