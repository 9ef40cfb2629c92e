"""Under any number of guesses at once, exactly what the budgets allow is answered, and nothing else is debited."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from tests.factories import trainee
from tests.integration.budgets.asking import DAY, MINUTE, NOON, outcome, outcomes_at_once
from tests.integration.budgets.conftest import AT_ONCE
from tests.registers import Certificate
from verify_service.budgets.rules import debits
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.lending import Lender
from verify_service.lookups.rules import Question
from verify_service.lookups.service import Desk, look_up
from verify_service.subjects.rules.id_numbers import check_character

NOTE_WRITES = """
create table written (what text);
create function note_write() returns trigger language plpgsql security definer as
    'begin insert into written values (tg_table_name); return null; end';
"""
NOTED = "create trigger noted after insert or update or delete on {} for each statement execute function note_write()"
WAITING = """
select count(*) from pg_locks
 where locktype = 'advisory' and not granted
   and database = (select oid from pg_database where datname = current_database())
"""
READ_WHOLE = """
select relname, seq_scan from pg_stat_user_tables
 where relname in ('budget', 'canary', 'lookup_key', 'credential', 'credential_signature', 'credential_event')
"""
DEBITED = "select bucket, cardinality(failed_at) as failures from budget"


def ending(known: str, sequence: int) -> str:
    """Return the ID number of a known prefix with another ending."""
    body = f"{known[:14]}{sequence:03d}"
    return body + check_character(body)


def wrong(person: Certificate, sequence: int) -> Facts:
    """Return a guess at a person whose name and ID number prefix are known."""
    return Facts(name=person.name, id_number=ending(person.id_number, sequence))


async def debited(superuser: Connection, desk: Desk, *asked: Facts) -> dict[str, int]:
    """Return the failures counted, by what they are counted by; buckets of these questions alone."""
    rows = {row["bucket"]: row["failures"] for row in await superuser.fetch(DEBITED)}
    known = {
        debit.bucket: debit.counted.value
        for facts in asked
        for debit in debits(desk.budget_secret, facts, desk.allowances)
    }
    counts: Counter[str] = Counter()
    for bucket, failures in rows.items():
        counts[known[bucket]] += failures
    return dict(counts)


async def test_of_fifty_guesses_at_once_five_are_answered(
    lender: Lender, desk: Desk, person: Certificate, superuser: Connection
) -> None:
    guesses = [wrong(person, 900 + place) for place in range(AT_ONCE)]

    answers = await outcomes_at_once(lender, desk, guesses)

    assert Counter(answers) == {"not_found": 5, "spent": AT_ONCE - 5}
    # A refused guess debits nothing: not even the buckets that are its own.
    assert await debited(superuser, desk, *guesses) == {
        "name and ID number prefix": 5,
        "ID number": 5,
        "ID number prefix": 5,
        "name": 5,
    }


async def test_of_fifty_repetitions_at_once_five_are_answered(
    lender: Lender, desk: Desk, superuser: Connection
) -> None:
    asked = Facts(name="赵无人", phone="19499999999")

    answers = await outcomes_at_once(lender, desk, [asked] * AT_ONCE)

    assert Counter(answers) == {"not_found": 5, "spent": AT_ONCE - 5}
    assert set((await debited(superuser, desk, asked)).values()) == {5}


async def test_the_last_try_is_had_once(lender: Lender, desk: Desk, person: Certificate) -> None:
    for place in range(4):
        assert await outcome(lender, desk, wrong(person, 900 + place)) == "not_found"

    answers = await outcomes_at_once(lender, desk, [wrong(person, 910 + place) for place in range(AT_ONCE)])

    assert Counter(answers) == {"not_found": 1, "spent": AT_ONCE - 1}


async def test_a_right_guess_among_wrong_ones_is_answered_or_refused_like_them(
    lender: Lender, desk: Desk, person: Certificate
) -> None:
    right = Facts(name=person.name, id_number=person.id_number)
    guesses = [right if place % 2 else wrong(person, 900 + place) for place in range(AT_ONCE)]

    answers = await outcomes_at_once(lender, desk, guesses)

    assert set(answers[1::2]) <= {"found", "spent"}
    assert answers[0::2].count("not_found") == 5
    assert await outcome(lender, desk, right) == "spent"


async def test_a_right_guess_waits_until_the_wrong_ones_before_it_are_counted(
    lender: Lender, desk: Desk, person: Certificate, superuser: Connection
) -> None:
    right = Facts(name=person.name, id_number=person.id_number)
    for place in range(4):
        assert await outcome(lender, desk, wrong(person, 900 + place)) == "not_found"

    async with lender.lend() as connection:
        fifth = connection.transaction()
        await fifth.start()
        await look_up(connection, desk, Question(wrong(person, 904)), NOON)
        sixth = asyncio.create_task(outcome(lender, desk, right))
        while not (sixth.done() or await superuser.fetchval(WAITING)):
            pass  # each look gives the others a turn
        assert not sixth.done()
        await fifth.commit()

    assert await sixth == "spent"


async def test_guesses_that_share_some_buckets_never_wait_for_each_other_in_a_circle(
    lender: Lender, desk: Desk
) -> None:
    names = [trainee(serial).name for serial in range(4)]
    phones = [f"1949999{serial:04d}" for serial in range(3)]
    numbers = [trainee(serial).id_number for serial in range(5)]
    guesses = [
        Facts(name=names[place % 4], id_number=numbers[place % 5], phone=phones[place % 3]) for place in range(200)
    ]

    answers = await outcomes_at_once(lender, desk, guesses)

    assert set(answers) == {"not_found", "spent"}


async def test_a_hit_writes_nothing(lender: Lender, desk: Desk, person: Certificate, superuser: Connection) -> None:
    await superuser.execute(NOTE_WRITES)
    for table in ("budget", "failed_lookup_hour", "lookup_alarm", "lookup_breaker"):
        await superuser.execute(NOTED.format(table))
    facts = Facts(name=person.name, id_number=person.id_number, phone=person.phone)

    assert set(await outcomes_at_once(lender, desk, [facts] * AT_ONCE)) == {"found"}

    assert await superuser.fetchval("select count(*) from written") == 0
    assert await superuser.fetchval("select count(*) from budget") == 0


async def test_hits_go_on_however_often_while_nothing_fails(lender: Lender, desk: Desk, person: Certificate) -> None:
    facts = Facts(name=person.name, phone=person.phone)

    answers = [await outcome(lender, desk, facts, NOON + place * MINUTE) for place in range(AT_ONCE)]

    assert set(answers) == {"found"}


async def test_three_facts_debit_every_pair_they_test(lender: Lender, desk: Desk, superuser: Connection) -> None:
    asked = Facts(name="赵无人", id_number=trainee(900).id_number, phone="19499999999")

    assert await outcome(lender, desk, asked) == "not_found"

    assert await debited(superuser, desk, asked) == dict.fromkeys(
        [
            "name and ID number prefix",
            "name and phone prefix",
            "ID number",
            "phone",
            "ID number prefix",
            "phone prefix",
            "name",
        ],
        1,
    )


async def test_two_namesakes_are_a_failure_too(
    lender: Lender, desk: Desk, certificates: dict[str, Certificate], superuser: Connection
) -> None:
    namesake = certificates["namesake-0"]
    asked = Facts(name=namesake.name, phone=namesake.phone)

    assert [await outcome(lender, desk, asked) for _ in range(6)] == ["not_found"] * 5 + ["spent"]


@pytest.mark.parametrize(
    ("vary", "answered"),
    [
        (lambda place: Facts(name=f"赵{chr(0x4E00 + place)}", id_number=trainee(place).id_number), 20),
        (lambda place: Facts(name=f"赵{chr(0x4E00 + place)}", phone=f"1949999{place:04d}"), 50),
    ],
    ids=["an ID number prefix alone", "a phone prefix alone"],
)
async def test_a_prefix_that_many_names_are_tried_with_has_a_budget_of_its_own(
    lender: Lender, desk: Desk, vary: Callable[[int], Facts], answered: int
) -> None:
    """The first 40 trainees share the first 14 digits."""
    answers = [await outcome(lender, desk, vary(place)) for place in range(answered + 2)]

    assert answers == ["not_found"] * answered + ["spent"] * 2


async def test_a_name_alone_has_a_budget_of_its_own(lender: Lender, desk: Desk) -> None:
    answers = [
        await outcome(
            lender, desk, Facts(name="赵无人", phone=f"{13000000000 + 10_000 * place}"), NOON + place * MINUTE
        )
        for place in range(202)
    ]

    assert answers == ["not_found"] * 200 + ["spent"] * 2


async def test_a_spent_budget_of_one_pair_leaves_the_others(lender: Lender, desk: Desk, person: Certificate) -> None:
    for place in range(6):
        await outcome(lender, desk, wrong(person, 900 + place))

    assert await outcome(lender, desk, Facts(name=person.name, id_number=person.id_number)) == "spent"
    assert await outcome(lender, desk, Facts(name=person.name, phone=person.phone)) == "found"
    assert await outcome(lender, desk, Facts(name=person.name, id_number=person.id_number), NOON + DAY) == "found"


async def test_plans_made_of_empty_tables_read_by_index_all_the_same(
    lender: Lender, desk: Desk, person: Certificate, superuser: Connection
) -> None:
    # What the planner then knows of them is that they have no row, and what it makes of that is kept.
    await superuser.execute("analyze budget, canary, lookup_key, credential, credential_signature, credential_event")
    before = dict(map(tuple, await superuser.fetch(READ_WHOLE)))

    answers = [
        await outcome(lender, desk, Facts(name=person.name, id_number=person.id_number)),
        await outcome(lender, desk, wrong(person, 901)),
    ]
    async with lender.lend() as connection:  # the same one: nobody else has asked
        await connection.execute("select pg_stat_force_next_flush()")

    assert answers == ["found", "not_found"]
    assert dict(map(tuple, await superuser.fetch(READ_WHOLE))) == before
