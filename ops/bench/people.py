"""Invented people in any number: common names, ID numbers of sequences never issued, unallocated phones."""

import random
from collections.abc import Iterator

from verify_service.subjects.model import DocumentType, Person, Sex
from verify_service.subjects.rules.id_numbers import check_character

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建文志"


def invent_people(count: int, seed: int = 1) -> Iterator[Person]:
    """Yield `count` people, all with different ID numbers and phones, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # invented people, not secrets
    for serial in range(count):
        year, day = 1960 + serial // 28 % 45, 1 + serial % 28
        body = f"{11 + serial // 1260 % 5}{serial // 6300:04d}{year}{1 + chance.randrange(12):02d}{day:02d}98"
        sequence = chance.randrange(10)
        first_seventeen = body[:16] + str(sequence)
        yield Person(
            name=chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN),
            sex=Sex.MALE if sequence % 2 else Sex.FEMALE,
            id_number=first_seventeen + check_character(first_seventeen),
            document_type=DocumentType.RESIDENT,
            phone=f"194{serial:08d}",
        )
