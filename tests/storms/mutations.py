"""Ways to bend what is signed. Each takes a source of chance, an original and another one of its kind."""

from collections.abc import Callable
from random import Random
from typing import Final, TypeAlias

Mutation: TypeAlias = Callable[[Random, bytes, bytes], bytes]


def flip_a_bit(chance: Random, original: bytes, _: bytes) -> bytes:
    changed = bytearray(original)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def flip_many_bits(chance: Random, original: bytes, other: bytes) -> bytes:
    for _ in range(chance.randint(2, 9)):
        original = flip_a_bit(chance, original, other)
    return original


def truncate(chance: Random, original: bytes, _: bytes) -> bytes:
    return original[: chance.randrange(len(original))]


def drop_a_slice(chance: Random, original: bytes, _: bytes) -> bytes:
    begin, end = _slice(chance, original)
    return original[:begin] + original[end:]


def repeat_a_slice(chance: Random, original: bytes, _: bytes) -> bytes:
    begin, end = _slice(chance, original)
    return original[:end] + original[begin:]


def insert_a_byte(chance: Random, original: bytes, _: bytes) -> bytes:
    place = chance.randint(0, len(original))
    return original[:place] + chance.randbytes(1) + original[place:]


def splice_halves(chance: Random, original: bytes, other: bytes) -> bytes:
    place = chance.randrange(min(len(original), len(other)))
    return original[:place] + other[place:]


def transplant_a_slice(chance: Random, original: bytes, other: bytes) -> bytes:
    begin, end = _slice(chance, original)
    return original[:begin] + other[begin:end] + original[end:]


def put_it_on_another_host(chance: Random, original: bytes, _: bytes) -> bytes:
    host = chance.choice([b"rz.example.com", b"rz.example.cn.evil.example", b"rz.example.cn:8443", b"RZ.example.cn"])
    return original.replace(b"rz.example.cn", host, chance.choice([1, -1]))


BYTES: Final[tuple[Mutation, ...]] = (
    flip_a_bit,
    flip_many_bits,
    truncate,
    drop_a_slice,
    repeat_a_slice,
    insert_a_byte,
    splice_halves,
    transplant_a_slice,
    put_it_on_another_host,
)


def _slice(chance: Random, original: bytes) -> tuple[int, int]:
    begin = chance.randrange(len(original))
    return begin, min(len(original), begin + chance.randint(1, 40))
