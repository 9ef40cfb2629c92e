"""Whether a draft names a person: asked at an erasure, of all that was read from the files and typed since."""

from collections.abc import Iterator

from verify_service.drafts.rules.current import value_text
from verify_service.subjects.model import IdNumber
from verify_service.subjects.rules.folding import fold_beside_number
from verify_service.subjects.rules.id_numbers import written_forms


def names(content: object, number: IdNumber) -> bool:
    """Tell whether a person's document number stands anywhere in a draft's content, decoded into builtins.

    In any cell, also of a row that was taken out or of a column that is not read, in a correction, in the name of a
    picture and in what staff wrote of it. A person whose number is mistyped or missing is not found.
    """
    forms = written_forms(number)
    return any(forms.search(fold_beside_number(text)) for text in _texts(content))


def _texts(content: object) -> Iterator[str]:
    """Yield every text and number at any depth: what a later version adds to a draft is searched too."""
    match content:
        case dict():
            yield from (text for value in content.values() for text in _texts(value))
        case list():
            yield from (text for value in content for text in _texts(value))
        case str() | int() | float():
            yield value_text(content)
