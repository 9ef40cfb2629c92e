"""From the revocation to the receiver: what is told, when, and by whom it is believed."""

import datetime
from typing import Any

import msgspec
import pytest
from standardwebhooks.webhooks import WebhookVerificationError
from structlog.testing import capture_logs

from tests.conftest import PUBLIC_URL
from tests.databases import dump
from tests.integration.register.webhooks.conftest import Hook, add_hook, revoke
from tests.office import Office
from tests.receivers import Receiver
from tests.registers import CORRECTED
from verify_service.database import Connection
from verify_service.embedded.server import EmbeddedServer
from verify_service.webhooks.rules.retries import MAX_ATTEMPTS
from verify_service.webhooks.service import sending as sending_service
from verify_service.webhooks.service.sending import Sender, serve_next

SELECT_DELIVERY = "select webhook_delivery_id, state, attempts, outcome, due_at from webhook_delivery"
Lines = list[dict[str, Any]]


async def the_delivery(connection: Connection) -> Any:  # noqa: ANN401  # its columns
    """Return the one delivery there is."""
    (row,) = await connection.fetch(SELECT_DELIVERY)
    return row


def deliver(office: Office) -> str:
    ran = office.run("webhooks", "deliver", "--once")
    assert ran.code == 0, ran.err
    return ran.out


async def test_a_revocation_at_the_command_line_arrives_and_software_of_others_believes_it(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, hosts: Lines
) -> None:
    watched, other = hosts[:2]
    await hook.watch(web, watched["token"])
    revoke(sample, other)
    revoke(sample, watched, "exam_misconduct")

    assert deliver(sample) == "deliveries attempted: 1\n"

    (received,) = receiver.received
    event = hook.judge(received)
    assert event["type"] == "certificate.revoked"
    assert event["data"] == {
        "token": watched["token"],
        "number": watched["number"],
        "reason": "withdrawn",
        "since": event["timestamp"],
        "url": f"{PUBLIC_URL}/v/{watched['token']}",
        "supersededBy": None,
    }
    assert datetime.datetime.fromisoformat(event["timestamp"]).utcoffset() == datetime.timedelta(0)
    assert received.path == "/hook"
    assert received.headers["content-type"] == "application/json"
    assert watched["name"] not in received.body.decode()
    (line,) = sample.run("webhooks", "deliveries", "--json").json
    assert (line["id"], line["state"], line["outcome"], line["attempts"], line["dueAt"]) == (
        *(received.headers["webhook-id"], "delivered", "204", 1, None),
    )


async def test_a_correction_tells_the_number_that_took_its_place(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, hosts: Lines
) -> None:
    old = next(line for line in hosts if line["name"] == CORRECTED)
    await hook.watch(web, old["token"])

    ran = sample.run(
        *("certificates", "correct", old["number"], "--name", sample.private("吉田禾"), "--note", "-", "--json"),
        stdin="x",
    )
    deliver(sample)

    event = hook.judge(receiver.received[0])
    assert event["type"] == "certificate.superseded"
    assert (event["data"]["number"], event["data"]["supersededBy"]) == (old["number"], ran.json["number"])
    assert event["data"]["reason"] is None


async def test_one_changed_byte_and_one_old_delivery_are_refused_by_software_of_others(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, hosts: Lines
) -> None:
    await hook.watch(web, hosts[0]["token"])
    revoke(sample, hosts[0])
    deliver(sample)
    (received,) = receiver.received
    hook.judge(received)

    for place in range(len(received.body)):
        changed = bytearray(received.body)
        changed[place] ^= 1
        with pytest.raises(WebhookVerificationError):
            hook.judge(msgspec.structs.replace(received, body=bytes(changed)))
    long_ago = str(int(received.headers["webhook-timestamp"]) - 301)
    for header, value in (("webhook-id", "msg_0"), ("webhook-timestamp", long_ago)):
        with pytest.raises(WebhookVerificationError):
            hook.judge(msgspec.structs.replace(received, headers={**received.headers, header: value}))
    with pytest.raises(WebhookVerificationError):
        add_hook(sample, receiver.url).judge(received)


async def test_a_receiver_that_fails_twice_is_asked_again_exactly_when_due_and_told_the_same(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, sending: Connection, sender: Sender, hosts: Lines
) -> None:
    await hook.watch(web, hosts[0]["token"])
    revoke(sample, hosts[0])
    receiver.answer_next(500, 503)
    now = datetime.datetime.now(datetime.UTC)
    dues = []

    for scheduled in (5, 20):
        assert await serve_next(sending, sender, now) == 1
        row = await the_delivery(sending)
        assert row["state"] == "waiting"
        assert 0.8 * scheduled <= (row["due_at"] - now).total_seconds() <= 1.2 * scheduled
        assert await serve_next(sending, sender, row["due_at"] - datetime.timedelta(microseconds=1)) is None
        now = row["due_at"]
        dues.append(str(int(now.timestamp())))
    assert await serve_next(sending, sender, now) == 1
    assert await serve_next(sending, sender, now + datetime.timedelta(days=30)) is None

    assert (await the_delivery(sending))["state"] == "delivered"
    assert len(receiver.received) == 3
    assert len({received.headers["webhook-id"] for received in receiver.received}) == 1
    assert len({received.body for received in receiver.received}) == 1
    assert [received.headers["webhook-timestamp"] for received in receiver.received[1:]] == dues


async def test_what_is_given_up_stands_in_log_and_trail_and_can_be_sent_again(
    sample: Office,
    hook: Hook,
    receiver: Receiver,
    web: Connection,
    sending: Connection,
    sender: Sender,
    operator: Connection,
    hosts: Lines,
) -> None:
    await hook.watch(web, hosts[0]["token"])
    revoke(sample, hosts[0])
    receiver.answer_next(*[500] * MAX_ATTEMPTS)
    now = began_at = datetime.datetime.now(datetime.UTC)

    with capture_logs() as logged:
        for _ in range(MAX_ATTEMPTS):
            now = max(now, (await the_delivery(sending))["due_at"])
            assert await serve_next(sending, sender, now) == 1

    delivery = await the_delivery(sending)
    assert (delivery["state"], delivery["attempts"], delivery["outcome"]) == ("dead", MAX_ATTEMPTS, "500")
    assert 2.5 < (now - began_at) / datetime.timedelta(days=1) < 4
    assert await serve_next(sending, sender, now + datetime.timedelta(days=30)) is None
    events = [line["event"] for line in logged]
    assert events == ["webhook_delivery_failed"] * (MAX_ATTEMPTS - 1) + ["webhook_delivery_dead"]
    message_id = receiver.received[0].headers["webhook-id"]
    detail = await operator.fetchval(
        "select detail from audit_event where action = 'webhook_delivery_dead' and object_id = $1", message_id
    )
    assert msgspec.json.decode(detail)["number"] == hosts[0]["number"]

    assert sample.run("webhooks", "retry", hook.id).out == "deliveries sent anew: 1\n"
    deliver(sample)
    assert receiver.received[-1].headers["webhook-id"] == message_id
    assert sample.run("webhooks", "deliveries", hook.id, "--state", "delivered", "--json").json[0]["id"] == message_id


async def test_a_receiver_that_always_fails_does_not_keep_another_from_being_told(
    sample: Office,
    hook: Hook,
    receiver: Receiver,
    web: Connection,
    sending: Connection,
    sender: Sender,
    hosts: Lines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending_service, "TURN", 4)
    second = add_hook(sample, receiver.url.replace("/hook", "/second"))
    for one in (hook, second):
        await one.watch(web, *(line["token"] for line in hosts))
    for line in hosts[:5]:
        revoke(sample, line)
    receiver.answer_next(*[500] * 4)
    now = datetime.datetime.now(datetime.UTC)

    assert [await serve_next(sending, sender, now) for _ in range(5)] == [4, 4, 1, 1, None]
    paths = [received.path for received in receiver.received]
    assert (set(paths[:4]), set(paths[4:8])) == ({"/hook"}, {"/second"})


async def test_no_secret_token_or_address_of_a_webhook_is_in_a_dump_a_list_or_a_log(
    sample: Office,
    server: EmbeddedServer,
    database_name: str,
    receiver: Receiver,
    web: Connection,
    sending: Connection,
    sender: Sender,
    hosts: Lines,
) -> None:
    hook = add_hook(sample, receiver.url + "/hidden-path?key=hidden-query")
    await hook.watch(web, hosts[0]["token"])
    revoke(sample, hosts[0])
    receiver.answer_next(500)
    with capture_logs() as logged:
        await serve_next(sending, sender, datetime.datetime.now(datetime.UTC))

    everything = dump(server, database_name).decode() + str(logged)
    everything += sample.run("webhooks", "list").out + sample.run("webhooks", "deliveries").out
    assert receiver.received[0].path == "/hook/hidden-path?key=hidden-query"
    for word in (hook.secret, hook.secret.removeprefix("whsec_"), hook.token, "hidden-path", "hidden-query"):
        assert word not in everything
    assert hosts[0]["token"] not in str(logged)


async def test_the_secret_that_seals_webhooks_rotates_and_receivers_notice_nothing(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, superuser: Connection, hosts: Lines
) -> None:
    await hook.watch(web, hosts[0]["token"])
    revoke(sample, hosts[0])

    assert sample.run("keys", "rotate", "webhook").code == 0
    await superuser.execute("alter table secret_check disable trigger all")
    await superuser.execute("update secret_check set state_since = now() - interval '61 seconds'")
    await superuser.execute("alter table secret_check enable trigger all")
    assert sample.run("keys", "retire", "webhook-1").code == 0
    deliver(sample)

    hook.judge(receiver.received[0])
    assert await superuser.fetchval("select key_id from webhook") == "webhook-2"


async def test_without_its_secret_a_sender_waits_and_nothing_is_lost(
    sample: Office, hook: Hook, receiver: Receiver, web: Connection, sending: Connection, sender: Sender, hosts: Lines
) -> None:
    await hook.watch(web, hosts[0]["token"])
    revoke(sample, hosts[0])
    file = sender.directory.path / "webhook-1.key"
    away = file.rename(file.with_suffix(".away"))
    now = datetime.datetime.now(datetime.UTC)

    assert await serve_next(sending, sender, now) == 1
    assert (await the_delivery(sending))["outcome"] == "KEY_MISSING"
    away.rename(file)
    await serve_next(sending, sender, now + datetime.timedelta(seconds=10))

    hook.judge(receiver.received[0])
