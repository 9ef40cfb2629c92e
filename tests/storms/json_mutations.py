"""Ways to bend signed JSON that keep it JSON, beside those for any bytes."""

import json
from random import Random
from typing import Any, Final

from tests.storms.mutations import BYTES, Mutation


def swap_a_member(chance: Random, original: bytes, other: bytes) -> bytes:
    """The value that stands in the same place of another document."""
    document, donor = json.loads(original), json.loads(other)
    path = chance.choice(list(_paths(document)))
    parent, source = document, donor
    for step in path[:-1]:
        parent, source = parent[step], _step(source, step)
    parent[path[-1]] = _step(source, path[-1])
    return _canonical(document)


def delete_a_member(chance: Random, original: bytes, _: bytes) -> bytes:
    document = json.loads(original)
    path = chance.choice(list(_paths(document)))
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return _canonical(document)


def duplicate_a_member(chance: Random, original: bytes, other: bytes) -> bytes:
    """Two parsers may keep different ones of two members of one name."""
    name, value = chance.choice(list(json.loads(other).items()))
    extra = json.dumps({name: value}, ensure_ascii=False, separators=(",", ":")).encode()[1:-1]
    return b"{" + extra + b"," + original[1:] if chance.random() < 0.5 else original[:-1] + b"," + extra + b"}"


def write_it_otherwise(chance: Random, original: bytes, _: bytes) -> bytes:
    """The same document for a lenient reader."""
    document = json.loads(original)
    others = [
        json.dumps(document, ensure_ascii=False, sort_keys=True).encode(),
        json.dumps(document, separators=(",", ":"), sort_keys=True).encode(),
        json.dumps(dict(reversed(document.items())), ensure_ascii=False, separators=(",", ":")).encode(),
        b"\xef\xbb\xbf" + original,
        original + b"\n",
        original.decode().encode("utf-16"),
        b"[" + original + b"]",
        original.replace(b"/", b"\\/", chance.randint(1, 3)),
    ]
    return chance.choice(others)


def name_another_key(chance: Random, original: bytes, _: bytes) -> bytes:
    other = f"20{chance.randrange(10, 99)}-{chance.choice('cqslpra')}{chance.randrange(1, 20)}"
    document = json.loads(original)
    did, _, key_id = document["proof"]["verificationMethod"].rpartition("#")
    document["proof"]["verificationMethod"] = f"{did}#{other}"
    return original if other == key_id else _canonical(document)


def put_the_proof_in_an_array(chance: Random, original: bytes, other: bytes) -> bytes:
    document = json.loads(original)
    document["proof"] = [document["proof"], json.loads(other)["proof"]][: chance.randint(1, 2)]
    return _canonical(document)


JSON_DOCUMENTS: Final[tuple[Mutation, ...]] = (
    *BYTES,
    swap_a_member,
    delete_a_member,
    duplicate_a_member,
    write_it_otherwise,
    name_another_key,
    put_the_proof_in_an_array,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401  # JSON
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield (*path, step)
        yield from _paths(value[step], (*path, step))


def _step(value: Any, step: Any) -> Any:  # noqa: ANN401  # JSON
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _canonical(document: Any) -> bytes:  # noqa: ANN401  # JSON
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
