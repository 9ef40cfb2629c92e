"""Somebody who knows a name and an ID number but for its last four, and guesses those, over a simulated month.

No network is counted: from 200 of them, the edge limits would let a hundred guesses each pass within minutes. What is
left is what the budgets alone hold back. The clock is a parameter of a lookup, so a month takes as long as its guesses.
"""

import asyncio
import datetime
import random
from collections.abc import Iterator, Sequence

import msgspec

from ops.bench.ground import as_operator, ground
from ops.bench.register import fill_register
from verify_service.allowances import read_allowances
from verify_service.cli.session import OperatorSession
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import BudgetSpentError
from verify_service.lending import Lender
from verify_service.lookups.rules import Question
from verify_service.lookups.service import Desk, look_up
from verify_service.sealing.model import SecretPurpose
from verify_service.subjects.rules.id_numbers import check_character

VICTIMS = 1_000
GUESSES = 20_000
DAYS = 30
AT_ONCE = 8
BEGINS_AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


class Victim(msgspec.Struct, frozen=True):
    """Whom the attacker knows half of."""

    name: str
    id_number: str


class Attack(msgspec.Struct, frozen=True):
    """What became of the guesses at one victim: all that were answered, and whether one of them was right."""

    answered: int
    refused: int
    is_hit: bool


def endings(victim: Victim, seed: int) -> Iterator[str]:
    """Yield every ID number that the known part may belong to, in a random order, again and again."""
    sequences = list(range(1_000))
    random.Random(f"{seed} {victim.id_number}").shuffle(sequences)  # noqa: S311  # which ending is tried first
    while True:
        for sequence in sequences:
            body = f"{victim.id_number[:14]}{sequence:03d}"
            yield body + check_character(body)


async def guess_evenly(lender: Lender, desk: Desk, victim: Victim, guesses: int, days: int = DAYS) -> Attack:
    """Guess so many times, at even intervals over the days."""
    instants = (BEGINS_AT + days * DAY * place / guesses for place in range(guesses))
    tried = [
        await _guess(lender, desk, Facts(name=victim.name, id_number=number), at)
        for at, number in zip(instants, endings(victim, seed=1), strict=False)
    ]
    return Attack(tried.count(False) + tried.count(True), tried.count(None), True in tried)


async def guess_daily(lender: Lender, desk: Desk, victim: Victim, seed: int) -> Attack:
    """Guess every day until the day's guesses are refused: nothing that can be had is left over."""
    answered = refused = 0
    numbers = endings(victim, seed)
    for day in range(DAYS):
        while True:
            found = await _guess(lender, desk, Facts(name=victim.name, id_number=next(numbers)), BEGINS_AT + day * DAY)
            if found is None:
                refused += 1
                break
            answered += 1
            if found:
                return Attack(answered, refused, is_hit=True)
    return Attack(answered, refused, is_hit=False)


async def guess_all(lender: Lender, desk: Desk, victims: Sequence[Victim], seed: int) -> list[Attack]:
    """Guess at many victims, several at once."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(victim: Victim) -> Attack:
        async with turns:
            return await guess_daily(lender, desk, victim, seed)

    return list(await asyncio.gather(*map(one, victims)))


async def _guess(lender: Lender, desk: Desk, facts: Facts, at: datetime.datetime) -> bool | None:
    """Return whether a guess was right, or None where it was refused."""
    async with lender.lend() as connection:
        try:
            answer = await look_up(connection, desk, Question(facts), at)
        except BudgetSpentError:
            return None
    return answer.outcome == "found"


def main(victims: int = VICTIMS, guesses: int = GUESSES) -> None:
    """Print how many guesses were answered, and how many of the victims were found out."""
    with ground() as (settings, urls):
        people: list[Victim] = []
        desks: list[Desk] = []

        async def job(session: OperatorSession) -> None:
            people.extend(Victim(person.name, person.id_number) for person in await fill_register(session, victims))
            budget = session.directory.secrets(SecretPurpose.BUDGET)[0]
            desks.append(Desk(session.secrets().index[0], budget, read_allowances(session.settings.budgets)))

        as_operator(settings, urls, job)
        asyncio.run(_report(urls, desks[0], people, guesses))


async def _report(urls: DatabaseUrls, desk: Desk, victims: Sequence[Victim], guesses: int) -> None:
    lender = Lender(urls.web)
    await lender.open()
    one = await guess_evenly(lender, desk, victims[0], guesses)
    print(f"guessing    {guesses} guesses at one person in {DAYS} days: {one.answered} answered, {one.refused} refused")
    attacks = await guess_all(lender, desk, victims[1:], seed=1)
    hits = sum(attack.is_hit for attack in attacks)
    print(
        f"            {len(attacks)} people, every day of {DAYS}: at most {max(a.answered for a in attacks)} answered "
        f"of one, {hits} found out ({hits / len(attacks):.1%})"
    )
    await lender.close()


if __name__ == "__main__":
    main()
