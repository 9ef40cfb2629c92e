"""A signer that listens: asked, woken by the database, killed and without its database."""

import signal
import time
from pathlib import Path

import pytest

from tests.factories import enrol_passed, trainees
from tests.integration.register.interruption import record_unsigned
from tests.integration.register.signer.processes import signer_running, started_signer, wait_until
from tests.integration.register.wholeness import require_whole
from tests.office import Office, environment_of
from verify_service.credentials.service.desk import Desk
from verify_service.database import Connection
from verify_service.sealing.model import Secrets
from verify_service.settings import PREFIX, Settings
from verify_service.signer.service.locating import socket_path
from verify_service.unix_sockets import is_listening

ANN, BOB = trainees(2)
SIGNED = "select count(*) from credential_signature"
PUBLISHED_AT = "select max(signed_at) from status_list_publication"
MARKED = "select count(*) from status_list_change"


@pytest.fixture
def keyless(office: Office, tmp_path: Path) -> Office:
    """The same office on a machine that holds no private key: its secrets are there, its signatures elsewhere."""
    folder = tmp_path / "keyless"
    folder.mkdir(mode=0o700)
    for secret in (tmp_path / "keys").glob("*.key"):
        (folder / secret.name).write_bytes(secret.read_bytes())
    office.environment |= {PREFIX + "KEY_DIR": str(folder), PREFIX + "SIGNER_DATABASE_URL": ""}
    return office


async def test_commands_without_any_private_key_issue_correct_and_revoke_through_it(
    settings: Settings, keyless: Office, tmp_path: Path, operator: Connection, secrets: Secrets
) -> None:
    keyless.enrol_passed([ANN, BOB])

    with signer_running(settings, tmp_path):
        issued = keyless.issue()
        first, second = (line["number"] for line in keyless.list())
        corrected = keyless.run(
            *("certificates", "correct", first, "--name", keyless.private("林新名"), "--note", "-"), stdin="x"
        )
        revoked = keyless.run("certificates", "revoke", second, "--reason", "holder_request")

    assert (issued.code, issued.json["issued"]) == (0, 2)
    assert (corrected.code, revoked.code, corrected.err, revoked.err) == (0, 0, "", "")
    assert await require_whole(operator, secrets) == 3
    assert await operator.fetchval(PUBLISHED_AT) is not None


def test_without_a_signer_and_without_keys_no_number_is_taken_and_both_are_named(
    keyless: Office, settings: Settings
) -> None:
    keyless.environment[PREFIX + "SIGNER_DATABASE_URL"] = str(settings.signer_database_url)
    keyless.enrol_passed([ANN])

    ran = keyless.issue()

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "KEY_MISSING" in ran.err
    assert "no signer listens" in ran.err


async def test_what_a_process_that_asks_nothing_recorded_or_revoked_is_signed_and_published_within_a_second(
    settings: Settings, office: Office, desk: Desk, secrets: Secrets, tmp_path: Path, superuser: Connection
) -> None:
    await enrol_passed(desk.connection, secrets, "C1", [ANN])

    with signer_running(settings, tmp_path):
        await record_unsigned(desk, "C1")
        assert await seconds_until(superuser, SIGNED, 1) < 1

        await superuser.execute(
            "insert into credential_event (credential_id, event, reason, approval_id)"
            " select credential_id, 'revoked', 'holder_request', approval_id from credential"
        )
        assert await seconds_until(superuser, MARKED, 0) < 1


async def test_it_signs_how_far_the_trail_reaches_and_keeps_the_head_in_two_places(
    settings: Settings, tmp_path: Path, superuser: Connection
) -> None:
    folder = tmp_path / "elsewhere"

    with signer_running(settings, tmp_path, AUDIT_HEAD_DIR=str(folder)) as running:
        wait_until(lambda: list(folder.glob("*.head")) != [], running)

    (kept,) = folder.glob("*.head")
    assert await superuser.fetchval("select signed_note from audit_head") == kept.read_text()
    ran = Office(settings, tmp_path).run("audit", "verify", "--heads", str(folder), "--json")
    assert (ran.json["heads"], ran.json["fault"]) == (1, None)


async def test_it_outlives_connections_that_the_database_ends(
    settings: Settings, desk: Desk, secrets: Secrets, tmp_path: Path, superuser: Connection
) -> None:
    await enrol_passed(desk.connection, secrets, "C1", [ANN])

    with signer_running(settings, tmp_path) as running:
        for _ in range(3):
            await superuser.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'verify_service_signer' and datname = current_database()"
            )
        await record_unsigned(desk, "C1")

        assert await seconds_until(superuser, SIGNED, 1) < 10
        assert running.process.poll() is None


def test_it_ends_cleanly_and_takes_its_socket_with_it(settings: Settings, tmp_path: Path) -> None:
    for how in (signal.SIGTERM, signal.SIGINT):
        with signer_running(settings, tmp_path) as running:
            running.process.send_signal(how)

            assert running.process.wait(10) == 0
            assert not running.socket.exists()


def test_a_second_one_refuses_and_after_a_kill_the_next_takes_over(settings: Settings, tmp_path: Path) -> None:
    with signer_running(settings, tmp_path) as running:
        with started_signer(environment_of(settings), tmp_path) as second:
            assert second.wait(30) == 5
        assert "SIGNER_RUNNING" in running.log.read_text()
        running.process.kill()
        running.process.wait()
        assert running.socket.exists()

    with signer_running(settings, tmp_path):
        pass


@pytest.mark.parametrize("missing", ["*-c1.pem", "*-q1.pem", "*-s1.pem", "field-1.key"])
def test_it_does_not_start_without_a_key_and_names_it(settings: Settings, tmp_path: Path, missing: str) -> None:
    (lost,) = settings.key_dir.glob(missing)
    lost.unlink()

    with started_signer(environment_of(settings), tmp_path) as process:
        assert process.wait(30) == 2

    (line,) = (tmp_path / "signer.log").read_text().splitlines()
    assert lost.stem.removesuffix("-1") in line
    assert not is_listening(socket_path(settings))


def test_it_needs_neither_the_subject_secret_nor_the_index(settings: Settings, tmp_path: Path) -> None:
    for purpose in ("subject", "index", "budget"):
        (settings.key_dir / f"{purpose}-1.key").unlink()

    with signer_running(settings, tmp_path):
        pass


async def seconds_until(watch: Connection, count: str, expected: int) -> float:
    """Return after how long a count was what it should be."""
    began = time.monotonic()
    while await watch.fetchval(count) != expected:
        assert time.monotonic() - began < 30
    return time.monotonic() - began
