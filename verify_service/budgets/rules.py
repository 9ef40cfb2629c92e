"""Which buckets a question is counted in, and what each allows."""

from typing import Final

from verify_service.allowances import Allowances
from verify_service.budgets.model import Counted, Debit
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.sealing.model import SecretKey
from verify_service.sealing.rules import blind_index
from verify_service.subjects.rules.names import match_key

GUESSED_CHARACTERS: Final = 4
"""The end that guessing runs through: once the rest is known, 1,000 values of an ID number's, 10,000 of a phone's."""


def debits(secret: SecretKey, facts: Facts, allowances: Allowances) -> tuple[Debit, ...]:
    """Return every bucket that a failed question by these facts is counted in, in the order they are locked.

    A third fact adds buckets of its own: whoever tests three pairs at once pays for three.
    """
    name = None if facts.name is None else match_key(facts.name)
    id_prefix, phone_prefix = _prefix(facts.id_number), _prefix(facts.phone)
    asked = (
        (Counted.NAME_ID_PREFIX, (name, id_prefix), allowances.pair),
        (Counted.NAME_PHONE_PREFIX, (name, phone_prefix), allowances.pair),
        (Counted.ID_NUMBER, (facts.id_number,), allowances.pair),
        (Counted.PHONE, (facts.phone,), allowances.pair),
        (Counted.ID_PREFIX, (id_prefix,), allowances.id_number_prefix),
        (Counted.PHONE_PREFIX, (phone_prefix,), allowances.phone_prefix),
        (Counted.NAME, (name,), allowances.name),
    )
    found = [
        Debit(counted, bucket_of(secret, counted, *(fact for fact in typed if fact is not None)), allowed)
        for counted, typed, allowed in asked
        if None not in typed
    ]
    return tuple(sorted(found, key=lambda debit: debit.bucket))


def token_debits(secret: SecretKey, token: str, facts: Facts, allowances: Allowances) -> tuple[Debit, ...]:
    """Return every bucket that a failed comparison of an ID number or phone with a token's certificate is counted in.

    Those of what was typed, and those of the code, whatever was typed: whoever holds the paper, and so the name, has no
    more guesses at the numbers of its holder than whoever knows the name.
    """
    of_kind = code_debits(secret, token, allowances)
    typed = {Counted.CODE_ID_NUMBER: facts.id_number, Counted.CODE_PHONE: facts.phone}
    found = [*debits(secret, facts, allowances), *(debit for debit in of_kind if typed[debit.counted] is not None)]
    return tuple(sorted(found, key=lambda debit: debit.bucket))


def code_debits(secret: SecretKey, token: str, allowances: Allowances) -> tuple[Debit, ...]:
    """Return the buckets of one QR code, by its token: one for each kind of number."""
    kinds = (Counted.CODE_ID_NUMBER, Counted.CODE_PHONE)
    return tuple(Debit(counted, bucket_of(secret, counted, token), allowances.pair) for counted in kinds)


def bucket_of(secret: SecretKey, counted: Counted, *typed: str) -> bytes:
    """Return the name of a bucket: an HMAC, from which nobody reads back what was typed."""
    return blind_index(secret, f"budget {counted}", *typed)


def _prefix(fact: str | None) -> str | None:
    return None if fact is None else fact[:-GUESSED_CHARACTERS]
