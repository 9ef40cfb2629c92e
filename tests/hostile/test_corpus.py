"""Every hostile file ends in its own refusal, within its memory, and leaves the process that asked alive."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest

from tests.hostile.corpus import HostileFile, corpus
from tests.hostile.measuring import Measured, measuring

MAX_MEGABYTES: Final = 200
MAX_SECONDS: Final = 6
"""Of processor time: five for the file, and what the interpreter takes to start."""
FILES: Final = tuple(corpus())
Measure = Callable[[HostileFile], Measured]


@pytest.fixture(scope="module")
def measure() -> Iterator[Measure]:
    with measuring() as measure:
        yield measure


def test_the_corpus_is_of_some_size_and_names_each_file_once() -> None:
    assert len(FILES) >= 40
    assert len({file.title for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.title)
def test_a_hostile_file_ends_in_its_own_refusal(measure: Measure, file: HostileFile) -> None:
    measured = measure(file)

    assert measured.outcome == file.outcome
    assert measured.megabytes <= MAX_MEGABYTES
    assert measured.seconds <= MAX_SECONDS
