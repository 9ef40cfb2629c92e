"""The sentence that belongs to a code: what is wrong and what to do, in the reader's language."""

from verify_service.errors import UsageError
from verify_service.translations import Language, catalogue


def explain(code: str, *, about: str = "", language: Language = Language.CHINESE) -> str:
    """Return the sentence of a code; where it has one of its own for a field or kind of file, `about` selects it."""
    sentences = catalogue(language, "codes")
    return sentences.get(f"{about}.{code}") or sentences[code]


def refusal(code: str, *, about: str = "", **details: str | int) -> UsageError:
    """Return the error that refuses a whole file; details fill the sentence's placeholders."""
    return UsageError(code, explain(code, about=about).format(**details))
