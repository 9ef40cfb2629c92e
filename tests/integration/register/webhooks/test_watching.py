"""What is watched, and when: no revocation falls between looking and watching, and none outlives a person's data."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from signing import parse_token
from tests.factories import sample_people
from tests.integration.register.webhooks.conftest import Hook, add_hook, revoke
from tests.office import Office
from tests.receivers import Receiver
from verify_service.audit.model import Actor
from verify_service.credentials.model import RevocationReason
from verify_service.credentials.service.revoking import revoke as revoke_in
from verify_service.database import Connection
from verify_service.sealing.model import Secrets
from verify_service.webhooks.model import Watches
from verify_service.webhooks.queries.subscriptions import remove_webhook
from verify_service.webhooks.service import watching

Lines = list[dict[str, Any]]
COUNT_DELIVERIES = "select count(*) from webhook_delivery"
UNKNOWN = "ZZZZZZZZZZZZZZZZ"


async def test_what_was_revoked_before_it_was_watched_is_told_once(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, hosts: Lines
) -> None:
    revoke(sample, hosts[0])

    for _ in range(2):
        await hook.watch(web, hosts[0]["token"], UNKNOWN)
        sample.run("webhooks", "deliver", "--once")

    assert [hook.judge(one)["data"]["number"] for one in receiver.received] == [hosts[0]["number"]]


async def test_watching_waits_for_a_revocation_under_way_and_then_sees_it(
    sample: Office, hook: Hook, web: Connection, operator: Connection, secrets: Secrets, actor: Actor, hosts: Lines
) -> None:
    async with operator.transaction():
        await revoke_in(
            operator, secrets, actor, number=hosts[0]["number"], reason=RevocationReason.HOLDER_REQUEST, note=None
        )
        watching_it = asyncio.create_task(hook.watch(web, hosts[0]["token"]))
        await _until_somebody_waits(operator)
    await watching_it

    assert await operator.fetchval(COUNT_DELIVERIES) == 1


async def test_a_revocation_waits_for_watching_under_way_and_then_tells(
    sample: Office, hook: Hook, web: Connection, operator: Connection, secrets: Secrets, actor: Actor, hosts: Lines
) -> None:
    async with web.transaction():
        await web.execute("set transaction read write")
        await hook.watch(web, hosts[0]["token"])
        revoking = asyncio.create_task(
            revoke_in(
                operator, secrets, actor, number=hosts[0]["number"], reason=RevocationReason.HOLDER_REQUEST, note=None
            )
        )
        await _until_somebody_waits(web)
    await revoking

    assert await operator.fetchval(COUNT_DELIVERIES) == 1


async def test_whoever_may_not_watch_waits_for_no_revocation(
    hook: Hook, web: Connection, operator: Connection, secrets: Secrets, actor: Actor, hosts: Lines
) -> None:
    tokens = [parse_token(hosts[0]["token"])]
    strangers = [
        msgspec.structs.replace(hook.access, digest=watching.access_digest("guessed")),
        msgspec.structs.replace(hook.access, webhook_id=UUID(int=0)),
    ]
    await web.execute("set lock_timeout = 1")  # whatever waits at all is refused

    async with operator.transaction():
        await revoke_in(
            operator, secrets, actor, number=hosts[0]["number"], reason=RevocationReason.HOLDER_REQUEST, note=None
        )
        for stranger in strangers:
            assert await watching.watch(web, stranger, tokens) is None
            assert await watching.unwatch(web, stranger, tokens) is None
            assert await watching.unwatch(web, stranger, None) is None
        for asked in (watching.watch(web, hook.access, tokens), watching.unwatch(web, hook.access, None)):
            with pytest.raises(asyncpg.LockNotAvailableError):
                await asked


async def test_a_webhook_that_was_removed_while_it_waited_watches_nothing(
    hook: Hook, web: Connection, operator: Connection, secrets: Secrets, actor: Actor, hosts: Lines
) -> None:
    async with operator.transaction():
        await revoke_in(
            operator, secrets, actor, number=hosts[0]["number"], reason=RevocationReason.HOLDER_REQUEST, note=None
        )
        watching_it = asyncio.create_task(watching.watch(web, hook.access, [parse_token(hosts[0]["token"])]))
        await _until_somebody_waits(operator)
        await remove_webhook(operator, UUID(hook.id))

    assert await watching_it is None
    assert await operator.fetchval("select count(*) from webhook_watch") == 0


async def test_an_erased_person_is_watched_by_nobody_and_told_of_to_nobody(
    sample: Office, hook: Hook, web: Connection, operator: Connection, hosts: Lines
) -> None:
    erased, other = hosts[:2]
    await hook.watch(web, erased["token"], other["token"])
    revoke(sample, erased)
    id_number = _id_number(erased["name"])

    ran = sample.run("person", "erase", "--id-number", sample.private(id_number), "--note", "-", "--apply", stdin="x")
    assert ran.code == 0, ran.err
    await hook.watch(web, erased["token"])

    assert await operator.fetchval(COUNT_DELIVERIES) == 0


async def test_a_removed_webhook_is_told_nothing_and_opens_nothing(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, operator: Connection, hosts: Lines
) -> None:
    await hook.watch(web, *(line["token"] for line in hosts))
    revoke(sample, hosts[0])

    assert sample.run("webhooks", "remove", hook.id).code == 0
    revoke(sample, hosts[1])

    assert sample.run("webhooks", "deliver", "--once").out == "deliveries attempted: 0\n"
    assert receiver.received == []
    assert await watching.count(web, hook.access) is None
    assert await operator.fetchval("select count(*) from webhook_watch") == 0
    assert sample.run("webhooks", "list", "--json").json == []
    assert [sample.run("webhooks", verb, hook.id).code for verb in ("remove", "retry", "deliveries")] == [2, 2, 2]


async def test_what_is_watched_no_longer_is_not_told(
    sample: Office, hook: Hook, web: Connection, operator: Connection, hosts: Lines
) -> None:
    tokens = [parse_token(line["token"]) for line in hosts[:3]]
    await watching.watch(web, hook.access, tokens)
    left = await watching.unwatch(web, hook.access, tokens[:1])
    revoke(sample, hosts[0])
    none = await watching.unwatch(web, hook.access, None)
    revoke(sample, hosts[1])

    assert (left and left.watched, none and none.watched) == (2, 0)
    assert await operator.fetchval(COUNT_DELIVERIES) == 0


async def test_more_than_a_webhook_may_watch_is_refused_as_a_whole(
    sample: Office, receiver: Receiver, web: Connection, hosts: Lines
) -> None:
    hook = add_hook(sample, receiver.url, "--max-watches", "2")
    one, two, three = (parse_token(line["token"]) for line in hosts[:3])
    await watching.watch(web, hook.access, [one, one])

    assert await watching.watch(web, hook.access, [two, three]) is None
    assert (await watching.count(web, hook.access)) == Watches(1, 2)
    assert await watching.watch(web, hook.access, [one, two]) == Watches(2, 2)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://user:pa55@example.com/hook",
        "https://10.0.0.8/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433.nip.invalid/",
        "https://[::1]/hook",
        "ftp://127.0.0.1/hook",
    ],
)
def test_a_url_that_leads_inside_or_nowhere_is_refused_at_the_command_line(sample: Office, url: str) -> None:
    ran = sample.run("webhooks", "add", "--url", url)

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "pa55" not in ran.err
    assert "169.254" not in ran.err


async def _until_somebody_waits(connection: Connection) -> None:
    while not await connection.fetchval("select count(*) from pg_locks where not granted"):
        pass


def _id_number(name: str) -> str:
    return next(person.id_number for person in sample_people()["host"] if person.name == name)
