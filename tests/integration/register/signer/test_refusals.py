"""What a signer refuses stays unsigned and stands in the trail once; everybody else is signed."""

import pytest
from structlog.testing import capture_logs

from tests.factories import enrol_passed, trainees
from tests.integration.register.interruption import record_unsigned
from tests.office import Office
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.credentials.model import SigningResult
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.database import Connection
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings
from verify_service.signer.service import signing

CLASS = 4
SIGNED = "select count(*) from credential_signature"
REFUSALS = "select object_id, detail ->> 'code' as code from audit_event where action = 'signing_refused'"
FIRST = "select min(credential_id::text)::uuid from credential"
MISPLACE = "update credential set status_list = 9 where credential_id = $1"
QR_OF_ANOTHER = """
update credential set sealed_qr_structure = other.sealed_qr_structure from credential as other
 where credential.credential_id = $1 and other.credential_id <> credential.credential_id
"""
APPROVED_BY_AN_INTRUDER = """
with given as (
    insert into approval (approval_id, action, given_by, actor) values (gen_random_uuid(), 'issue', 'operator', 'x')
    returning approval_id
)
update credential set approval_id = given.approval_id from given where credential_id = $1
"""
APPROVED_FOR_ANOTHER_COHORT = """
with given as (
    insert into approval (approval_id, action, given_by, actor, recorded_by, object_type, object_id)
    values (gen_random_uuid(), 'issue', 'operator', 'x', 'verify_service_operator', 'cohort', gen_random_uuid()::text)
    returning approval_id
)
update credential set approval_id = given.approval_id from given where credential_id = $1
"""


@pytest.fixture
async def recorded(desk: Desk, secrets: Secrets, superuser: Connection) -> Connection:
    """A class recorded and unsigned, under a connection that may falsify it: no trigger and no foreign key holds."""
    await enrol_passed(desk.connection, secrets, "C1", trainees(CLASS))
    await record_unsigned(desk, "C1")
    await superuser.execute("set session_replication_role = replica")
    return superuser


@pytest.mark.parametrize(
    ("falsification", "code"),
    [
        ("update credential set certificate_number = 'QMT20260009995' where credential_id = $1", "DOCUMENT_DIFFERS"),
        (
            "update credential set status_index = (status_index + 1) % 131072 where credential_id = $1",
            "DOCUMENT_DIFFERS",
        ),
        (MISPLACE, "DOCUMENT_DIFFERS"),
        ("update credential set token = '\\x00112233445566778899' where credential_id = $1", "DOCUMENT_DIFFERS"),
        ("update credential set issued_at = issued_at - interval '1 day' where credential_id = $1", "DOCUMENT_DIFFERS"),
        ("update credential set kind = 'online_host' where credential_id = $1", "DOCUMENT_DIFFERS"),
        ("update credential set template_digest = sha256('x') where credential_id = $1", "DOCUMENT_DIFFERS"),
        ("update credential set sealed_document = '\\x01ff' where credential_id = $1", "SEALED_BROKEN"),
        (QR_OF_ANOTHER, "SEALED_BROKEN"),
        (APPROVED_BY_AN_INTRUDER, "APPROVAL_MISSING"),
        (APPROVED_FOR_ANOTHER_COHORT, "APPROVAL_OBJECT"),
    ],
)
async def test_a_falsified_row_is_refused_and_all_others_are_signed(
    recorded: Connection, desk: Desk, falsification: str, code: str
) -> None:
    await recorded.execute(falsification, await recorded.fetchval(FIRST))

    with capture_logs() as logged:
        first, second = [await desk.signing.sign_pending() for _ in range(2)]

    assert (first.signed, second.signed) == (CLASS - 1, 0)
    assert [one.code for one in first.refused] == [code]
    assert first.refused == second.refused
    assert await recorded.fetchval(SIGNED) == CLASS - 1
    (refusal,) = await recorded.fetch(REFUSALS)  # once, although it was refused twice
    assert refusal["code"] == first.refused[0].code
    (event,) = [line for line in logged if line["event"] == "signing_refused"]
    assert event.keys() == {"event", "log_level", "code", "number"}


async def test_refused_ones_never_hold_up_those_that_follow(
    recorded: Connection, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "BATCH", 1)
    await recorded.execute(MISPLACE, await recorded.fetchval(FIRST))

    assert (await desk.signing.sign_pending()).signed == CLASS - 1


async def test_a_retired_or_compromised_key_signs_nothing_more(recorded: Connection, desk: Desk) -> None:
    await recorded.execute("update signing_key set state = 'compromised' where purpose = 'credential'")

    result = await desk.signing.sign_pending()

    assert result.signed == 0
    assert {one.code for one in result.refused} == {"KEY_NOT_IN_USE"}
    assert len(await recorded.fetch(REFUSALS)) == CLASS


async def test_a_key_that_is_away_is_waited_for_and_not_written_down_as_a_refusal(
    recorded: Connection, settings: Settings, actor: Actor
) -> None:
    just_begun = OperatorSession(settings, recorded, KeyDirectory(settings), actor).signing()
    (key,) = settings.key_dir.glob("*-q1.pem")
    kept = key.rename(key.with_suffix(".away"))

    away = await just_begun.sign_pending()
    kept.rename(key)
    back = await just_begun.sign_pending()

    assert {one.code for one in away.refused} == {"KEY_MISSING"}
    assert back == SigningResult(CLASS)
    assert await recorded.fetch(REFUSALS) == []


async def test_who_is_refused_is_named_by_the_command_and_not_counted_as_issued(
    desk: Desk, secrets: Secrets, superuser: Connection, office: Office
) -> None:
    cohort_id = await enrol_passed(desk.connection, secrets, "C1", trainees(2))
    await superuser.execute("alter table approval alter column recorded_by set default 'verify_service_web'")

    result = await issue_cohort(desk, cohort_id)

    assert (result.issued, {held.reason for held in result.held}) == (0, {"APPROVAL_MISSING"})
    assert office.list() == []
