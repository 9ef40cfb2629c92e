"""Issuing a class: everybody who passed, once, with numbers that leave no gap."""

import asyncio
import json

from openvc.proof.di_jcs import EddsaJcsProofSuite

from signing import KeyPurpose, encode_base64url
from tests.factories import OPERATOR, Result, enrol_passed, photo_archive, trainee, trainees
from tests.integration.register.wholeness import require_whole
from tests.office import Office
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.clock import now
from verify_service.credentials.queries.standing import find_by_number, find_sealed
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.key_directory import KeyDirectory
from verify_service.keys import service as keys
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.settings import Settings

DID = "did:web:127.0.0.1%3A8000"
UNDRAWABLE = "\U0002ebf0"  # Extension I: no installed face has it


async def test_the_sample_classes_have_60_and_16_certificates(
    sample: Office, operator: Connection, secrets: Secrets
) -> None:
    assert len(sample.list("--cohort", "operator")) == 60
    assert len(sample.list("--cohort", "host")) == 16
    assert await require_whole(operator, secrets) == 76


async def test_issuing_again_issues_nothing_more(sample: Office, operator: Connection, secrets: Secrets) -> None:
    ran = sample.issue("operator")

    assert ran.code == 0
    assert ran.json == {"issued": 0, "alreadyIssued": 60, "held": [], "notEligible": 4}
    assert await require_whole(operator, secrets) == 76


def test_only_who_passed_is_issued_to(office: Office) -> None:
    people = trainees(4)
    conclusions = ("合格", "不合格", "缺考")
    office.import_roster(people, photos=photo_archive(people))
    office.import_results([Result(one, word) for one, word in zip(people, conclusions, strict=False)])

    assert office.issue().json == {"issued": 1, "alreadyIssued": 0, "held": [], "notEligible": 3}
    assert [line["name"] for line in office.list()] == [people[0].name]


async def test_a_revoked_certificate_is_not_issued_again(office: Office, operator: Connection) -> None:
    office.enrol_passed(trainees(1))
    office.issue()
    office.run("certificates", "revoke", office.list()[0]["number"], "--reason", "exam_misconduct")

    assert office.issue().json["issued"] == 0
    assert await operator.fetchval("select count(*) from credential") == 1


async def test_who_has_no_photo_is_named_while_the_others_are_issued(
    office: Office, operator: Connection, secrets: Secrets
) -> None:
    without, *others = people = trainees(4)
    office.import_roster(people, photos=photo_archive(others))
    office.import_results([Result(one) for one in people])

    ran = office.issue()

    held = {"name": without.name, "partner": without.partner, "kind": OPERATOR, "reason": "NO_PHOTO"}
    assert (ran.code, ran.json["issued"], ran.json["held"]) == (1, 3, [held])
    assert await require_whole(operator, secrets) == 3

    office.import_roster(people, photos=photo_archive(people))

    assert office.issue().json == {"issued": 1, "alreadyIssued": 3, "held": [], "notEligible": 0}
    assert await require_whole(operator, secrets) == 4


async def test_who_bears_a_character_without_a_glyph_takes_no_number(desk: Desk, secrets: Secrets) -> None:
    people = [trainee(0), trainee(1, name=f"张{UNDRAWABLE}"), trainee(2)]
    cohort_id = await enrol_passed(desk.connection, secrets, "C1", people)

    result = await issue_cohort(desk, cohort_id)

    assert (result.issued, [(held.name, held.reason) for held in result.held]) == (
        2,
        [(f"张{UNDRAWABLE}", "NO_GLYPH U+2EBF0")],
    )
    assert await require_whole(desk.connection, secrets) == 2


async def test_two_runs_at_once_issue_to_everybody_once(
    database: DatabaseUrls, operator: Connection, secrets: Secrets, settings: Settings
) -> None:
    cohort_id = await enrol_passed(operator, secrets, "C1", trainees(60))

    async def run(number: int) -> tuple[int, int]:
        async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection:
            session = OperatorSession(settings, connection, KeyDirectory(settings), Actor(f"operator {number}"))
            result = await issue_cohort(await session.desk(), cohort_id)
        return result.issued, result.already_issued

    results = await asyncio.gather(*(run(number) for number in range(3)))

    assert sorted(results) == [(0, 60), (0, 60), (60, 0)]
    assert await require_whole(operator, secrets) == 60


async def test_a_record_verifies_with_software_not_ours(sample: Office, operator: Connection, secrets: Secrets) -> None:
    standing = await find_by_number(operator, sample.list("--cohort", "host")[0]["number"])
    assert standing is not None
    sealed = await find_sealed(operator, standing.credential_id)
    assert sealed is not None
    cipher = unwrap_data_key(secrets.field, sealed.kek_id, sealed.wrapped, standing.subject_id)
    record = cipher.open(sealed.sealed_record, "credential_signature:sealed_record", standing.credential_id)
    key = await keys.active_key(operator, KeyPurpose.CREDENTIAL)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(key.raw)}

    verified = EddsaJcsProofSuite().verify(json.loads(record), public_key_jwk=jwk, now=now())

    assert (verified.issuer, verified.expired) == (DID, False)
