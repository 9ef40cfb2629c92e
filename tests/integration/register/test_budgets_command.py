"""`budgets` and `canaries`: what staff can lift, what raises an alarm, and that neither names anybody."""

import datetime
from collections.abc import AsyncIterator

import pytest

from tests.databases import dump
from tests.factories import trainee
from tests.office import Office
from verify_service.allowances import read_allowances
from verify_service.budgets.rules import token_debits
from verify_service.budgets.service.settling import settle
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer
from verify_service.errors import BudgetSpentError
from verify_service.key_directory import KeyDirectory
from verify_service.lending import Lender
from verify_service.lookups.rules import Question
from verify_service.lookups.service import Desk, look_up
from verify_service.sealing.model import SecretPurpose
from verify_service.settings import BudgetLimits, Settings

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
CANARY = trainee(901)


@pytest.fixture
def desk(settings: Settings) -> Desk:
    directory = KeyDirectory(settings)
    (budget,) = directory.secrets(SecretPurpose.BUDGET)
    return Desk(directory.require_secrets().index[0], budget, read_allowances(BudgetLimits()))


@pytest.fixture
async def lender(database: DatabaseUrls) -> AsyncIterator[Lender]:
    lender = Lender(database.web)
    await lender.open()
    yield lender
    await lender.close()


async def ask(lender: Lender, desk: Desk, **facts: str) -> str:
    async with lender.lend() as connection:
        try:
            return (await look_up(connection, desk, Question(Facts(**facts)), NOON)).outcome
        except BudgetSpentError:
            return "spent"


def alarms(office: Office) -> list[str]:
    return [alarm["alarm"] for alarm in office.run("budgets", "alarms", "--json").json]


async def test_a_lifted_budget_of_a_code_answers_again(
    office: Office, desk: Desk, lender: Lender, superuser: Connection
) -> None:
    token = "0123456789ABCDEF"
    asked = token_debits(desk.budget_secret, token, Facts(phone="19499999999"), desk.allowances)
    async with lender.lend() as connection:
        for _ in range(5):
            await settle(connection, asked, NOON, is_right=False)

    ran = office.run("budgets", "lift", "--token", token, "--json")

    assert ran.json == {"lifted": ["QR code and any phone"]}
    assert await superuser.fetchval("select count(*) from budget") == len(asked) - 1


async def test_a_lifted_budget_answers_again(office: Office, lender: Lender, desk: Desk, superuser: Connection) -> None:
    typed = {"name": "赵无人", "id_number": CANARY.id_number}
    assert [await ask(lender, desk, **typed) for _ in range(6)] == ["not_found"] * 5 + ["spent"]
    await ask(lender, desk, name="钱无人", phone="19499999999")

    name = "@" + office.write("name.txt", typed["name"])
    ran = office.run("budgets", "lift", "--name", name, "--id-number", "-", "--json", stdin=CANARY.id_number)

    assert ran.code == 0
    assert ran.json == {"lifted": ["ID number", "ID number prefix", "name", "name and ID number prefix"]}
    assert await superuser.fetchval("select count(*) from budget") == 4  # of the other question
    assert await ask(lender, desk, **typed) == "not_found"
    detail = await superuser.fetchrow("select actor, detail from audit_event where action = 'budget_lifted'")
    assert detail is not None
    assert CANARY.id_number not in str(detail)
    assert "赵无人" not in str(detail)


async def test_lifting_what_nobody_asked_about_says_so(office: Office) -> None:
    ran = office.run("budgets", "lift", "--phone", "-", stdin="19499999999")

    assert (ran.code, ran.out.strip()) == (0, "nothing was counted by these facts")


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [((), ""), (("--phone", "19499999999"), ""), (("--phone", "-"), "1"), (("--name", "-", "--phone", "-"), "")],
    ids=["no fact", "a fact on the command line", "an unreadable fact", "two facts from standard input"],
)
async def test_a_lift_that_is_asked_for_wrongly_is_refused(
    office: Office, arguments: tuple[str, ...], stdin: str, superuser: Connection
) -> None:
    ran = office.run("budgets", "lift", *arguments, stdin=stdin)

    assert ran.code in {1, 2}
    assert "19499999999" not in ran.err
    assert await superuser.fetchval("select count(*) from approval where action = 'lift_budget'") == 0


async def test_a_canary_raises_an_alarm_whichever_of_its_facts_is_typed(
    office: Office, lender: Lender, desk: Desk, server: EmbeddedServer, database_name: str
) -> None:
    number, phone = office.write("number.txt", CANARY.id_number), office.write("phone.txt", CANARY.phone)
    ran = office.run("canaries", "add", "list of spring", "--id-number", f"@{number}", "--phone", f"@{phone}")
    assert (ran.code, ran.out.strip()) == (0, "2 facts are watched from now on")

    assert await ask(lender, desk, name="赵无人", phone="19499999999") == "not_found"
    assert alarms(office) == []
    assert await ask(lender, desk, name=CANARY.name, id_number=CANARY.id_number) == "not_found"
    assert await ask(lender, desk, name=CANARY.name, phone=CANARY.phone) == "not_found"
    assert await ask(lender, desk, id_number=CANARY.id_number, phone=CANARY.phone) == "not_found"

    assert alarms(office) == ["canary"] * 3
    (listed,) = office.run("canaries", "list", "--json").json
    assert (listed["label"], listed["facts"], listed["secret"]) == ("list of spring", 2, "budget-1")
    dumped = dump(server, database_name)
    assert [fact for fact in (CANARY.id_number, CANARY.phone, CANARY.name) if fact.encode() in dumped] == []


async def test_a_removed_canary_is_silent(office: Office, lender: Lender, desk: Desk) -> None:
    office.run("canaries", "add", "a", "--id-number", "-", stdin=CANARY.id_number)

    assert office.run("canaries", "remove", "a").code == 0
    assert office.run("canaries", "remove", "a").code == 1

    await ask(lender, desk, name=CANARY.name, id_number=CANARY.id_number)
    assert alarms(office) == []


async def test_a_canary_is_nobody_on_the_register(office: Office, superuser: Connection) -> None:
    office.enrol_passed([trainee(0)])

    ran = office.run("canaries", "add", "a", "--id-number", "-", stdin=trainee(0).id_number)

    assert ran.code == 5
    assert await superuser.fetchval("select count(*) from canary") == 0


async def test_failures_far_above_the_usual_open_the_breaker_for_an_hour(
    office: Office, lender: Lender, desk: Desk, superuser: Connection
) -> None:
    await superuser.execute(
        "insert into failed_lookup_hour"
        " select hour, 0, 30 from generate_series($1::timestamptz - interval '7 days', $1, interval '1 hour') as hour",
        NOON - HOUR,
    )
    await superuser.execute(
        "insert into failed_lookup_hour select $1, shard, 9 from generate_series(0, 15) as shard", NOON
    )
    assert alarms(office) == []

    for serial in range(200):
        await ask(lender, desk, name=f"赵{chr(0x4E00 + serial)}", phone=f"{13000000000 + 10_000 * serial}")

    assert alarms(office) == ["breaker"]
    assert await superuser.fetchval("select open_until from lookup_breaker") == NOON + HOUR
    (alarm,) = office.run("budgets", "alarms", "--json").json
    assert alarm["about"].endswith("30 in a usual one")


@pytest.mark.parametrize(
    ("this_hour", "usual_hour", "alarming"),
    [(100, 0, False), (101, 0, True), (150, 30, False), (151, 30, True), (2000, 900, False), (2001, 900, True)],
)
async def test_what_is_alarming(migration: Connection, this_hour: int, usual_hour: int, *, alarming: bool) -> None:
    assert await migration.fetchval("select failures_are_alarming($1, $2)", this_hour, usual_hour) is alarming


async def test_after_a_rotation_failures_are_counted_from_nothing(office: Office, lender: Lender, desk: Desk) -> None:
    office.run("canaries", "add", "a", "--id-number", "-", stdin=CANARY.id_number)
    assert office.run("keys", "rotate", "budget").code == 0

    ran = office.run("canaries", "add", "a", "--id-number", "-", stdin=CANARY.id_number)

    assert ran.out.strip() == "1 facts are watched from now on"
    assert [canary["secret"] for canary in office.run("canaries", "list", "--json").json] == ["budget-1", "budget-2"]
