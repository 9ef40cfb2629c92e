"""The command line as such: one line and an exit code for whatever is wrong, and no personal datum in its arguments."""

import base64
import os
import subprocess
import sys
from unittest.mock import AsyncMock

import asyncpg
import pytest

from tests.factories import DATA, roster_csv, trainee, trainees
from tests.office import Office, run_command
from verify_service.cli import session
from verify_service.keys import service
from verify_service.settings import PREFIX

ISSUE = ("certificates", "issue", "--cohort", "C1")
LISTED = ("certificates", "list")


@pytest.mark.parametrize(
    ("change", "arguments", "code", "named"),
    [
        ({"OPERATOR_DATABASE_URL": ""}, LISTED, 2, "VERIFY_SERVICE_OPERATOR_DATABASE_URL"),
        ({"OPERATOR_DATABASE_URL": "mysql://here"}, LISTED, 2, "VERIFY_SERVICE_OPERATOR_DATABASE_URL"),
        ({"OPERATOR_DATABASE_URL": "postgresql://u:hunter2@/x?host=/nonexistent"}, LISTED, 4, "OPERATOR_DATABASE_URL"),
        ({"PUBLIC_URL": ""}, ISSUE, 2, "VERIFY_SERVICE_PUBLIC_URL"),
        ({"PUBLIC_URL": "http://cert.example.cn"}, ISSUE, 2, "VERIFY_SERVICE_PUBLIC_URL"),
        ({"PUBLIC_URL": "https://other.example.cn"}, ISSUE, 2, "FORMER_PUBLIC_URLS"),
        ({"KEY_DIR": "/nonexistent"}, LISTED, 2, "keys init"),
        ({"KEY_DIR": "/etc/passwd"}, LISTED, 2, "KEY_DIR"),
        ({"KEY_PASSPHRASE": "wrong"}, ISSUE, 2, "passphrase"),
        ({"INSTITUTION_FILE": "/nonexistent"}, ISSUE, 2, "VERIFY_SERVICE_INSTITUTION_FILE"),
        ({"KEY_PASSPHRASE_FILE": "/nonexistent"}, LISTED, 2, "VERIFY_SERVICE_KEY_PASSPHRASE_FILE"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    office: Office, change: dict[str, str], arguments: tuple[str, ...], code: int, named: str
) -> None:
    office.enrol_passed(trainees(1))
    environment = {**office.environment, **{PREFIX + name: value for name, value in change.items()}}

    ran = run_command(environment, *arguments)

    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert named in ran.err
    assert "hunter2" not in ran.err


def test_a_missing_key_is_named_and_nothing_is_issued(office: Office) -> None:
    office.enrol_passed(trainees(1))
    (office.folder / "keys" / "index-1.key").unlink()

    ran = office.run(*ISSUE)

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "index" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("certificates", "issue", "--cohort", "NOBODY"),
        ("certificates", "list", "--cohort", "NOBODY"),
        ("certificates", "export", "--cohort", "NOBODY", "-o", "x.zip"),
        ("results", "import", str(DATA / "results-host.xlsx"), "--cohort", "NOBODY"),
        ("certificates", "pdf", "QMT2026000001O", "-o", "x.pdf"),
        ("certificates", "revoke", "QMT2026000001O", "--reason", "holder_request"),
        ("certificates", "correct", "QMT2026000001O", "--sex", "女", "--note", "-"),
        ("roster", "import", "/nonexistent.xlsx", "--cohort", "C1", "--kind", "online_host"),
        ("roster", "import", str(DATA / "photos-host.zip"), "--cohort", "C1", "--kind", "online_host"),
        ("roster", "import", str(DATA / "roster-host.csv"), "--cohort", "../etc", "--kind", "online_host"),
        ("roster", "check", str(DATA / "results-host.xlsx")),
        ("roster", "check", "/dev/zero"),
        ("results", "import", str(DATA / "roster-host.csv"), "--cohort", "C1"),
    ],
)
def test_what_is_not_there_or_cannot_be_read_is_refused_in_one_line(office: Office, arguments: tuple[str, ...]) -> None:
    ran = office.run(*arguments)

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("verify-service: ")


def test_a_secret_of_another_register_is_named_in_one_line(office: Office) -> None:
    (office.folder / "keys" / "index-1.key").write_text(base64.urlsafe_b64encode(bytes(32)).decode())

    for command in (LISTED, ISSUE, ("keys", "init")):
        ran = office.run(*command)

        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "index-1 in KEY_DIR is not the register's" in ran.err


def test_a_file_without_end_is_not_read_to_its_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_FILE_BYTES", 1000)

    ran = office.run("roster", "check", office.write("large.csv", "x" * 1001))

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "larger than 1000 bytes" in ran.err


def test_a_connection_that_breaks_is_one_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "list_keys", AsyncMock(side_effect=asyncpg.InterfaceError("connection is closed")))

    ran = office.run("keys", "list")

    assert (ran.code, ran.err.count("\n")) == (4, 1)
    assert "InterfaceError" in ran.err


@pytest.mark.parametrize("option", ["--name", "--id-number", "--note"])
def test_a_personal_datum_as_an_argument_is_refused_and_not_repeated(office: Office, option: str) -> None:
    others = () if option == "--note" else ("--note", "-")

    ran = office.run("certificates", "correct", "QMT2026000001O", option, "11000119900101960X", *others)

    assert ran.code == 2
    assert "11000119900101960X" not in ran.out + ran.err


def test_only_one_option_reads_standard_input(office: Office) -> None:
    ran = office.run("certificates", "correct", "QMT2026000001O", "--name", "-", "--note", "-", stdin="x")

    assert ran.code == 2
    assert "standard input" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [("nothing",), ("certificates", "nothing"), ("certificates", "issue"), ("roster", "import", "x", "--cohort", "C1")],
)
def test_wrong_usage_exits_2(office: Office, arguments: tuple[str, ...]) -> None:
    assert office.run(*arguments).code == 2


@pytest.mark.parametrize(
    "group",
    [
        *((), ("roster",), ("roster", "import"), ("certificates",), ("certificates", "correct"), ("keys",)),
        *(("retention",), ("retention", "run"), ("person",), ("person", "erase")),
    ],
)
def test_every_command_has_help(group: tuple[str, ...]) -> None:
    ran = run_command({}, *group, "--help")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: ")


def test_a_roster_is_checked_without_database_or_settings(office: Office) -> None:
    file = office.write("roster.csv", roster_csv([*trainees(2), trainee(2, sex="男")]))
    good = office.write("good.csv", roster_csv(trainees(2)))

    ran = run_command({}, "roster", "check", file, "--json")

    assert ran.code == 1
    assert list(ran.json) == ["rows", "summary", "unknownColumns", "photos"]
    assert ran.json["summary"] == {"rows": 3, "accepted": 2, "rejected": 1}
    (error,) = ran.json["rows"][2]["errors"]
    assert (error["code"], error["field"], error["cell"]) == ("GENDER_MISMATCH", "sex", "B4")
    members = ["name", "sex", "idNumber", "phone", "partner", "alsoOnlineHost", "documentType"]
    assert list(ran.json["rows"][0]["value"]) == members
    assert run_command({}, "roster", "check", good).code == 0


def test_an_import_prints_the_checked_roster_and_what_it_did(office: Office) -> None:
    ran = office.import_roster(trainees(2))

    counts = ["imported", "unchanged", "changes", "absent"]
    assert list(ran.json) == ["rows", "summary", "unknownColumns", "photos", *counts]


def test_a_process_of_its_own_exits_with_the_same_codes_and_without_a_traceback(office: Office) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "verify_service", "certificates", "list", "--cohort", "NOBODY"],
        env={**os.environ, **office.environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
