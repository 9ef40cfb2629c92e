"""Signing keys through their lives, at the command line: rotated, retired, stolen, published."""

from pathlib import Path

import asyncpg
import pytest

from signing import parse_jwks
from tests.factories import trainees
from tests.office import Office
from verify_service.database import Connection

GENERATIONS = trainees(4)
ROTATED = "select key_id from signing_key where purpose = 'credential' and state = 'rotated'"


def published(office: Office, folder: Path) -> str:
    folder.mkdir(exist_ok=True)
    assert office.run("keys", "publish", str(folder)).code == 0
    return str(folder)


def qr_of(office: Office, number: str) -> str:
    [qr] = [row["qr"] for row in office.list() if row["certificateNumber"] == number]
    return str(qr)


def states(office: Office, purpose: str) -> list[str]:
    return [key["state"] for key in office.run("keys", "list", "--json").json if key["purpose"] == purpose]


def test_certificates_of_four_generations_of_keys_verify_online_and_offline(office: Office, tmp_path: Path) -> None:
    for generation, person in enumerate(GENERATIONS):
        office.enrol_passed([person], f"G{generation}")
        assert office.issue(f"G{generation}").code == 0
        for purpose in ("credential", "qr", "status", "log"):
            assert office.run("keys", "rotate", purpose).code == 0
    folder = published(office, tmp_path / "trusted")

    listed = office.list()
    verdicts = [office.run("verify", row["qr"], "--keys", folder, "--offline", "--json") for row in listed]

    assert [verdict.code for verdict in verdicts] == [0] * len(GENERATIONS), verdicts
    assert states(office, "credential") == ["rotated"] * 4 + ["active"]
    for key_id in [f"2026-c{number}" for number in range(1, 5)]:
        assert office.run("keys", "retire", key_id).code == 0
    folder = published(office, tmp_path / "trusted")
    assert [office.run("verify", row["qr"], "--keys", folder, "--offline").code for row in listed] == [0] * 4


def test_a_key_in_use_an_unknown_one_and_one_that_ended_are_not_retired(office: Office) -> None:
    [first] = [key["keyId"] for key in office.run("keys", "list", "--json").json if key["purpose"] == "credential"]

    in_use = office.run("keys", "retire", first)
    unknown = office.run("keys", "retire", "2020-c77")
    assert office.run("keys", "rotate", "credential").code == 0
    done, again = office.run("keys", "retire", first), office.run("keys", "retire", first)

    assert (in_use.code, unknown.code, done.code, again.code) == (5, 2, 0, 5)
    assert "keys rotate credential" in in_use.err
    assert states(office, "credential") == ["retired", "active"]


def test_a_key_that_signs_pdfs_is_followed_by_another_and_ends_at_once(office: Office) -> None:
    first = next(key["keyId"] for key in office.run("keys", "list", "--json").json if key["purpose"] == "pdf")

    rotated, retired = office.run("keys", "rotate", "pdf"), office.run("keys", "retire", first)

    assert (rotated.code, retired.code) == (0, 0)
    assert states(office, "pdf") == ["retired", "active"]


async def test_a_key_that_owes_a_signature_is_not_retired(office: Office, superuser: Connection) -> None:
    office.enrol_passed(GENERATIONS[:1])
    assert office.issue().code == 0
    first = str(await superuser.fetchval("select credential_key_id from credential"))
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # past the triggers
        await superuser.execute("delete from open_badge_proof")
        await superuser.execute("delete from credential_signature")
    assert office.run("keys", "rotate", "credential").code == 0

    refused = office.run("keys", "retire", first)
    assert office.issue().code == 0  # finishes what was recorded under it
    retired = office.run("keys", "retire", first)

    assert (refused.code, retired.code) == (5, 0)
    assert "1 recorded certificates wait" in refused.err


async def test_a_retirement_waits_for_whoever_records_under_the_key(
    office: Office, operator: Connection, superuser: Connection
) -> None:
    office.enrol_passed(GENERATIONS[:1])
    assert office.run("keys", "rotate", "credential").code == 0
    old = str(await superuser.fetchval(ROTATED))

    async with superuser.transaction():
        await superuser.execute("select from signing_key where key_id = $1 for key share", old)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await operator.execute(f"select from signing_key where key_id = '{old}' for update nowait")


@pytest.mark.parametrize(
    ("before", "after"),
    [("active", "retired"), ("retired", "active"), ("compromised", "active"), ("rotated", "active")],
)
async def test_a_key_does_not_go_back_in_its_life(
    superuser: Connection, office: Office, before: str, after: str
) -> None:
    for state in {"retired": ["rotated", "retired"], "active": []}.get(before, [before]):
        await superuser.execute("update signing_key set state = $1 where purpose = 'log'", state)

    with pytest.raises(asyncpg.RestrictViolationError):
        await superuser.execute("update signing_key set state = $1 where purpose = 'log'", after)
    assert office.run("keys", "list").code == 0


def test_the_drill_of_a_stolen_key(office: Office, tmp_path: Path) -> None:
    office.enrol_passed(GENERATIONS[:1], "G0")
    assert office.issue("G0").code == 0
    [row] = office.list()
    [stolen] = [key["keyId"] for key in office.run("keys", "list", "--json").json if key["purpose"] == "qr"]
    note = office.private("the laptop it lay on was stolen")

    marked = office.run("keys", "retire", stolen, "--compromised", "--note", note, "--json")
    without = office.run("keys", "publish", str(tmp_path))
    assert office.run("keys", "rotate", "qr").code == 0
    folder = published(office, tmp_path / "trusted")
    offline = office.run("verify", row["qr"], "--keys", folder, "--offline", "--json")

    assert marked.json == {"keyId": stolen, "state": "compromised", "unsigned": 0}
    assert without.code == 0
    assert stolen not in {key.key_id for key in parse_jwks((tmp_path / "trusted" / "jwks.json").read_bytes())}
    assert (offline.code, offline.json["checks"][0]["detail"]) == (4, "KEY_COMPROMISED")
    assert office.run("keys", "retire", stolen, "--compromised", "--note", note).code == 5
    assert states(office, "qr") == ["compromised", "active"]


@pytest.mark.parametrize("arguments", [["--compromised"], ["--note", "-"], ["--compromised", "--note", "-"]])
def test_a_compromise_needs_its_note(office: Office, arguments: list[str]) -> None:
    assert office.run("keys", "retire", "2026-c1", *arguments).code == 2


def test_publishing_replaces_files_and_leaves_no_others(office: Office, tmp_path: Path) -> None:
    folder = Path(published(office, tmp_path / "trusted"))
    before = (folder / "did.json").read_bytes()
    assert office.run("keys", "rotate", "credential").code == 0

    published(office, folder)

    assert (folder / "did.json").read_bytes() != before
    assert sorted(path.name for path in folder.iterdir()) == ["audit.vkey", "did.json", "jwks.json", "log.vkey"]
