"""How people of one name are told apart in a list that does not show their ID numbers."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from verify_service.redemption_codes.model import HandedCode

_SHORTEST_TAIL: Final = 4


def id_number_tails(people: Sequence[HandedCode]) -> dict[str, str]:
    """Return the last characters of each ID number: four, or as many as tell people of one name apart."""
    namesakes: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        namesakes[person.name].add(person.id_number)
    return {number: number[-_tail_length(numbers) :] for numbers in namesakes.values() for number in numbers}


def _tail_length(numbers: set[str]) -> int:
    longest = max(map(len, numbers))
    for length in range(_SHORTEST_TAIL, longest):
        if len({number[-length:] for number in numbers}) == len(numbers):
            return length
    return longest
