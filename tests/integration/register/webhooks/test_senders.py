"""Several senders, and senders that die: nothing is lost, and nothing is sent twice but after a death."""

import asyncio
import datetime
import subprocess
import threading
from typing import Any

from tests.integration.register.webhooks.conftest import Hook, revoke
from tests.office import Office
from tests.receivers import Receiver, after
from tests.serving import command, environment_with
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.webhooks.service.sending import Sender, serve_next

Lines = list[dict[str, Any]]
COUNT_DELIVERED = "select count(*) from webhook_delivery where state = 'delivered'"


def started(office: Office) -> "subprocess.Popen[bytes]":
    """Return a sender as a process of its own."""
    return subprocess.Popen(  # noqa: S603  # ourselves
        command("webhooks", "deliver"), env=environment_with(office.environment), stderr=subprocess.DEVNULL
    )


async def test_a_sender_killed_between_sending_and_writing_it_down_sends_the_same_again(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, hosts: Lines
) -> None:
    await hook.watch(web, *(line["token"] for line in hosts[:3]))
    never = threading.Event()
    receiver.answer_next(*[after(never)] * 3)
    for line in hosts[:3]:
        revoke(sample, line)
    process = started(sample)
    try:
        first = await asyncio.to_thread(receiver.wait_for, 3)
    finally:
        process.kill()
        process.wait()

    assert sample.run("webhooks", "deliver", "--once").out == "deliveries attempted: 3\n"
    again = receiver.received[3:]
    never.set()

    assert {one.headers["webhook-id"] for one in again} == {one.headers["webhook-id"] for one in first}
    assert {one.body for one in again} == {one.body for one in first}
    for one in again:
        hook.judge(one)


async def test_two_senders_do_not_both_send(
    sample: Office,
    hook: Hook,
    receiver: Receiver,
    web: Connection,
    database: DatabaseUrls,
    sending: Connection,
    sender: Sender,
    hosts: Lines,
) -> None:
    await hook.watch(web, hosts[0]["token"])
    revoke(sample, hosts[0])
    released = threading.Event()
    receiver.answer_next(after(released))
    now = datetime.datetime.now(datetime.UTC)

    first = asyncio.create_task(serve_next(sending, sender, now))
    await asyncio.to_thread(receiver.wait_for, 1)
    async with connected(database.webhooks, "WEBHOOKS_DATABASE_URL") as other:
        second = await serve_next(other, sender, now)
        released.set()
        assert await first == 1
        third = await serve_next(other, sender, now)

    assert (second, third) == (None, None)
    assert len(receiver.received) == 1


async def test_a_running_sender_is_woken_by_the_revocation_and_ends_when_told(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, operator: Connection, hosts: Lines
) -> None:
    await hook.watch(web, *(line["token"] for line in hosts))
    process = started(sample)
    try:
        for count, line in enumerate(hosts[:3], 1):
            revoke(sample, line)
            await asyncio.to_thread(receiver.wait_for, count)
        process.terminate()
        code = await asyncio.to_thread(process.wait, 20)
    finally:
        process.kill()
        process.wait()

    assert code == 0
    assert {hook.judge(one)["data"]["number"] for one in receiver.received} == {line["number"] for line in hosts[:3]}


async def test_a_revocation_does_not_wait_for_a_receivers_answer(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, sending: Connection, sender: Sender, hosts: Lines
) -> None:
    await hook.watch(web, hosts[0]["token"], hosts[1]["token"])
    revoke(sample, hosts[0])
    released = threading.Event()
    receiver.answer_next(after(released))

    under_way = asyncio.create_task(serve_next(sending, sender, datetime.datetime.now(datetime.UTC)))
    await asyncio.to_thread(receiver.wait_for, 1)
    await asyncio.to_thread(revoke, sample, hosts[1])
    assert not under_way.done()
    released.set()

    assert await under_way == 1
