"""A million mutants of what we sign, of a fixed seed: none passes, and nothing but our own errors comes out."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

import msgspec
import pytest

from signing import (
    SigningError,
    badge_from_record,
    format_token,
    parse_token,
    sign_badge,
    verify_badge,
    verify_qr,
    verify_record,
    verify_status_list,
)
from tests.artefacts import DID, ISSUER, URL, qr_text, record, signer, status_lists
from tests.storms.json_mutations import JSON_DOCUMENTS
from tests.storms.mutations import Mutation
from tests.storms.qr_mutations import QR_TEXTS

SEED: Final = 20261123
NAMES: Final = ("王芳", "𠮷野·𬱖", "阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提·阿不都", 'x" \\ / é')
SHARE_WITH_ANOTHER_KIND: Final = 0.02


class Kind(msgspec.Struct, frozen=True):
    """One kind of signed artefact: some of it, how it is bent, and what must refuse that."""

    originals: Sequence[bytes]
    mutations: Sequence[Mutation]
    verify: Callable[[bytes], object]


def _tokens() -> list[str]:
    return [format_token(bytes([place]) * 10) for place in range(len(NAMES))]


def _records(seed: int = 0) -> list[bytes]:
    photos = (None, "sha256$" + "0" * 64)
    return [
        record(seed=seed, name=name, token=token, status_index=place, photo_hash=photos[place % 2])
        for place, (name, token) in enumerate(zip(NAMES, _tokens(), strict=True))
    ]


def _badges(seed: int = 0) -> list[bytes]:
    credential_signer = signer("2026-c1", seed)
    return [badge_from_record(one, sign_badge(one, credential_signer)) for one in _records(seed)]


def _qr_texts(seed: int = 0) -> list[bytes]:
    pairs = zip(NAMES, _tokens(), strict=True)
    return [qr_text(seed=seed, name=name, token=parse_token(token)).encode() for name, token in pairs]


def _lists(seed: int = 0) -> list[bytes]:
    return [one for number in (0, 1) for one in status_lists("revocation", number=number, seed=seed)]


KINDS: Final = {
    "records": Kind(_records(), JSON_DOCUMENTS, lambda data: verify_record(data, ISSUER.keys, DID)),
    "open badges": Kind(_badges(), JSON_DOCUMENTS, lambda data: verify_badge(data, ISSUER.keys, DID)),
    "status lists": Kind(_lists(), JSON_DOCUMENTS, lambda data: verify_status_list(data, ISSUER.keys, DID)),
    # Whatever bytes a reader finds, it hands on text.
    "qr texts": Kind(_qr_texts(), QR_TEXTS, lambda data: verify_qr(data.decode("latin-1"), ISSUER.keys, URL)),
}
OF_A_STRANGER: Final = {
    "records": _records(seed=1),
    "open badges": _badges(seed=1),
    "status lists": _lists(seed=1),
    "qr texts": _qr_texts(seed=1),
}


def _mutant(chance: Random, name: str) -> tuple[str, bytes]:
    """Return what was done, and the outcome: something of another kind now and then, else an original bent."""
    kind = KINDS[name]
    if chance.random() < SHARE_WITH_ANOTHER_KIND:
        other = chance.choice([other for other in KINDS if other != name])
        return f"one of the {other}", chance.choice(KINDS[other].originals)
    originals = chance.choice([kind.originals, OF_A_STRANGER[name]]) if chance.random() < 0.1 else kind.originals
    mutation = chance.choice(kind.mutations)
    return mutation.__name__, mutation(chance, chance.choice(originals), chance.choice(kind.originals))


def _storm(name: str, count: int) -> set[str]:
    """Bend originals until `count` mutants were refused that are no originals; return what was done to them."""
    kind, genuine = KINDS[name], frozenset(KINDS[name].originals)
    chance = Random(f"{SEED} {name}")  # noqa: S311  # to be repeated, not to be secret
    refused, done = 0, set()
    while refused < count:
        what, mutant = _mutant(chance, name)
        if mutant in genuine:
            continue
        try:
            kind.verify(mutant)
        except SigningError:
            refused += 1
            done.add(what)
            continue
        pytest.fail(f"accepted after {what}, mutant {refused}: {mutant!r}")
    return done


@pytest.mark.parametrize("name", KINDS)
def test_the_originals_pass_and_a_strangers_do_not(name: str) -> None:
    for original in KINDS[name].originals:
        KINDS[name].verify(original)
    for forged in OF_A_STRANGER[name]:
        with pytest.raises(SigningError):
            KINDS[name].verify(forged)


@pytest.mark.parametrize("name", KINDS)
def test_no_mutant_of_5_000_passes(name: str) -> None:
    done = _storm(name, 5_000)

    assert done >= {mutation.__name__ for mutation in KINDS[name].mutations}


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_no_mutant_of_250_000_passes(name: str) -> None:
    _storm(name, 250_000)
