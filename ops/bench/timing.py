"""Whether the time of an answer tells why nothing was found: Welch's t between causes, beside a handler that leaks.

Each cause is asked about 2,500 people, all different, for a second question about one is another question to the
budgets; on one connection, the causes in turn. Below 4.5, the usual threshold of leakage tests, |t| tells nothing. The
leak, one index read more where the ID number is right, must go beyond it, or this bench could not tell either.
"""

import asyncio
import http.client
import random
import time
from collections.abc import Mapping, Sequence
from statistics import fmean, median, variance

import msgspec

from ops.bench.ground import as_operator, ground
from ops.bench.lookups import BARE_PORT, REAL_PORT, bare, facts_json, real
from ops.bench.people import invent_people
from ops.bench.register import add_people
from verify_service.budgets.model import Counted
from verify_service.budgets.rules import bucket_of
from verify_service.cli.session import OperatorSession
from verify_service.credentials.rules.lookup_keys import Facts, lookup_hmacs
from verify_service.database import connected
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.subjects.model import Person

EACH = 2_500
WARM_UP = 300
TELLING = 4.5
COMPARED = (("nobody", "wrong name"), ("nobody", "other pair spent"), ("nobody's phone", "namesakes"))
SPEND = """
insert into budget
select bucket, array_fill(now(), array[5]), now() + interval '1 day' from unnest($1::bytea[]) as bucket
"""

Questions = Mapping[str, Sequence[object]]


class People(msgspec.Struct, frozen=True):
    """Whom the questions are about, as many of each."""

    nobody: Sequence[Person]
    known: Sequence[Person]
    spent: Sequence[Person]
    """Known, and their phone's budget is spent."""
    namesakes: Sequence[Person]
    """Known; as many others have the same names and phones."""


def main(each: int = EACH) -> None:
    """Print Welch's t of each comparison, and of the leak."""
    chance = random.Random(3)  # noqa: S311  # who is asked about, and in which order
    everybody = [_with_a_phone(person, chance) for person in invent_people(5 * each)]
    nobody, known, spent, namesakes, others = (everybody[place : place + each] for place in range(0, 5 * each, each))
    others = [
        msgspec.structs.replace(other, name=person.name, phone=person.phone)
        for person, other in zip(namesakes, others, strict=True)
    ]
    people = People(nobody, known, spent, namesakes)
    secrets: list[SecretKey] = []

    async def job(session: OperatorSession) -> None:
        await add_people(session, [*known, *spent, *namesakes, *others])
        secrets.extend((session.secrets().index[0], session.directory.secrets(SecretPurpose.BUDGET)[0]))

    with ground() as (settings, urls):
        as_operator(settings, urls, job)
        index, budget = secrets
        asyncio.run(_spend(urls.migration, [bucket_of(budget, Counted.PHONE, person.phone) for person in spent]))
        with real(settings, urls):
            answers = _ask(REAL_PORT, "/api/v1/lookups", _questions(people), chance)
        with bare(urls):
            leaky = _ask(BARE_PORT, "/leaky", _leaks(people, index), chance)
    print(f"timing      {each} of each cause of not_found; below {TELLING}, |t| tells nothing")
    for one, other in COMPARED:
        _print(one, other, answers)
    _print("nobody", "wrong name", leaky, " (leaks on purpose)")


def _with_a_phone(person: Person, chance: random.Random) -> Person:
    """Return the person with a phone whose prefix hardly anybody shares: prefixes have a budget too."""
    return msgspec.structs.replace(person, phone=f"1{chance.randrange(3_000_000_000, 10_000_000_000)}")


async def _spend(url: str, buckets: Sequence[bytes]) -> None:
    async with connected(url, "MIGRATION_DATABASE_URL") as owner:
        await owner.execute(SPEND, buckets)


def _questions(people: People) -> Questions:
    return {
        "nobody": [facts_json(Facts(name=one.name + "某", id_number=one.id_number)) for one in people.nobody],
        "wrong name": [facts_json(Facts(name=one.name + "某", id_number=one.id_number)) for one in people.known],
        "other pair spent": [facts_json(Facts(name=one.name + "某", id_number=one.id_number)) for one in people.spent],
        "nobody's phone": [facts_json(Facts(name=one.name, phone=one.phone)) for one in people.nobody],
        "namesakes": [facts_json(Facts(name=one.name, phone=one.phone)) for one in people.namesakes],
    }


def _leaks(people: People, index: SecretKey) -> Questions:
    def leak(one: Person) -> dict[str, str]:
        first = Facts(id_number=one.id_number, phone=one.phone)
        second = Facts(name=one.name + "某", id_number=one.id_number)
        (known,), (asked,) = (lookup_hmacs(index, facts).values() for facts in (first, second))
        return {"first": known.hex(), "second": asked.hex()}

    return {"nobody": list(map(leak, people.nobody)), "wrong name": list(map(leak, people.known))}


def _ask(port: int, path: str, questions: Questions, chance: random.Random) -> dict[str, list[float]]:
    """Return the milliseconds of each answer by cause, the causes mixed."""
    asked = [(cause, msgspec.json.encode(question)) for cause, of_cause in questions.items() for question in of_cause]
    chance.shuffle(asked)
    took: dict[str, list[float]] = {cause: [] for cause in questions}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for place, (cause, body) in enumerate(asked):
        began_at = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        milliseconds = 1000 * (time.perf_counter() - began_at)
        assert response.status == 200, (cause, place, answer)
        assert b'"found"' not in answer
        if place >= WARM_UP:
            took[cause].append(milliseconds)
    connection.close()
    return took


def _print(one: str, other: str, took: Mapping[str, Sequence[float]], remark: str = "") -> None:
    a, b = took[one], took[other]
    t = (fmean(a) - fmean(b)) / (variance(a) / len(a) + variance(b) / len(b)) ** 0.5
    medians = f"medians {median(a):.3f} and {median(b):.3f} ms"
    print(f"  {one + ' : ' + other:34} t {t:7.2f}   {medians}{remark}")


if __name__ == "__main__":
    main()
