"""Files made to hurt or broken on the way here, each with the one refusal it deserves.

They are built, not stored: most of them are small programs for somebody else's parser, and a virus scanner would
rightly remove them from a checkout.
"""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

PHOTOS: Final = "photos"
"""How the names of the files begin that come beside a roster, as a ZIP of photos."""
ARTEFACT: Final = "artefact"
"""How the names of the files begin that are handed in to be verified."""


class HostileFile(msgspec.Struct, frozen=True):
    """One file of the corpus."""

    title: str
    file_name: str
    outcome: str
    """The code that refuses the whole file; or of its only row or picture, after a colon."""
    build: Callable[[], bytes]


_CORPUS: Final[list[HostileFile]] = []


def hostile(title: str, file_name: str, outcome: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Put what the decorated function builds into the corpus."""

    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        _CORPUS.append(HostileFile(title, file_name, outcome, build))
        return build

    return register


def corpus() -> Iterator[HostileFile]:
    """Yield every hostile file, in the order of the modules that build them."""
    from tests.hostile import archives, artefacts, old_workbooks, photos, texts, workbooks  # noqa: F401, PLC0415  # they register

    yield from _CORPUS
