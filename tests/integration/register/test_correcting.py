"""Correcting: a new certificate supersedes the old one; both stay, and both are found."""

import asyncio

import pytest

from tests.desks import ask
from tests.factories import photo, trainee
from tests.integration.register.wholeness import require_whole
from tests.office import Office, Ran
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.clock import today_in_shanghai
from verify_service.credentials.model import RevocationReason
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.credentials.service.correcting import Correction, correct
from verify_service.credentials.service.revoking import revoke
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import ConflictError
from verify_service.key_directory import KeyDirectory
from verify_service.lookups.model import CertificateAnswer
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings
from verify_service.subjects import service as subjects

ANN = trainee(0)
# The trail of a correction: the credential that stands in, on whose approval, with a note.
SELECT_TRAIL = """
select approval.action, approval.given_by, sealed_note, approval.approval_id, credential.subject_id,
       (select count(*) from audit_event where object_id = credential.credential_id::text
           and audit_event.action in ('credential_recorded', 'credential_signed')) as events
  from credential
  join approval on approval.approval_id = credential.approval_id
 where supersedes is not null
"""


@pytest.fixture
def number(office: Office) -> str:
    """The number of Ann's certificate."""
    office.enrol_passed([ANN])
    assert office.issue().json["issued"] == 1
    return str(office.list()[0]["number"])


def correct_name(office: Office, number: str, name: str = "林新名", note: str = "登记有误") -> Ran:
    options = ("--name", office.private(name), "--note", "-", "--json")
    return office.run("certificates", "correct", number, *options, stdin=note)


async def found(connection: Connection, secrets: Secrets, **facts: str) -> list[CertificateAnswer]:
    answer = await ask(connection, secrets.index[0], Facts(**facts))
    return sorted(answer.certificates, key=lambda certificate: certificate.number)


async def test_the_new_certificate_bears_the_new_name_and_the_old_one_leads_to_it(
    office: Office, number: str, operator: Connection, secrets: Secrets
) -> None:
    ran = correct_name(office, number)

    new = ran.json["number"]
    assert (ran.code, ran.json) == (0, {"number": new, "supersedes": number})
    facts = [(line["name"], line["status"], line["statusReason"], line["supersededBy"]) for line in office.list()]
    assert facts == [(ANN.name, "superseded", "corrected", new), ("林新名", "valid", None, None)]
    assert await require_whole(operator, secrets) == 2


def test_a_chain_of_corrections_leads_from_each_to_its_end(office: Office, number: str) -> None:
    second = correct_name(office, number).json["number"]
    third = correct_name(office, second, "林再改").json["number"]

    assert [(line["status"], line["supersededBy"]) for line in office.list()] == [
        ("superseded", third),
        ("superseded", third),
        ("valid", None),
    ]
    assert office.run("certificates", "correct", number, "--sex", "女", "--note", "-").code == 5


@pytest.mark.parametrize(
    ("reason", "code"), [("issued_in_error", 0), ("key_compromise", 0), ("exam_misconduct", 5), ("holder_request", 5)]
)
def test_a_revoked_certificate_is_replaced_only_where_the_holder_was_not_at_fault(
    office: Office, number: str, reason: str, code: int
) -> None:
    office.run("certificates", "revoke", number, "--reason", reason)

    ran = correct_name(office, number)

    assert ran.code == code
    old, *new = office.list()
    assert (old["status"], old["statusReason"]) == ("revoked", reason)
    assert old["supersededBy"] == (new[0]["number"] if new else None)


async def test_a_corrected_id_number_keeps_the_person_and_the_old_facts_find_the_old_certificate(
    office: Office, number: str, operator: Connection, web: Connection, secrets: Secrets
) -> None:
    id_number = trainee(400).id_number

    ran = office.run(
        *("certificates", "correct", number, "--id-number", office.private(id_number), "--note", "-"), stdin="号码有误"
    )

    assert ran.code == 0
    assert await operator.fetchval("select count(*) from subject") == 1
    (old,) = await found(web, secrets, name=ANN.name, id_number=ANN.id_number)
    (new,) = await found(web, secrets, name=ANN.name, id_number=id_number)
    assert (old.status, old.superseded_by, new.status) == ("superseded", new.number, "valid")
    assert len(await found(web, secrets, name=ANN.name, phone=ANN.phone)) == 2


async def test_old_name_and_old_id_number_still_find_the_superseded_certificate(
    office: Office, number: str, web: Connection, secrets: Secrets
) -> None:
    new = correct_name(office, number).json["number"]

    (old,) = await found(web, secrets, name=ANN.name, id_number=ANN.id_number)

    assert (old.number, old.status, old.superseded_by) == (number, "superseded", new)


async def test_approval_trail_and_sealed_note_are_kept(
    office: Office, number: str, operator: Connection, secrets: Secrets
) -> None:
    correct_name(office, number, note="身份证上为新名")

    (row,) = await operator.fetch(SELECT_TRAIL)
    assert (row["action"], row["given_by"], row["events"]) == ("correct", "operator", 2)
    subject = (await subjects.find_by_ids(operator, secrets, [row["subject_id"]]))[row["subject_id"]]
    note = subject.cipher.open(row["sealed_note"], "approval:sealed_note", row["approval_id"])
    assert note.decode() == "身份证上为新名"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--name", "林新名"), 2),
        (("--sex", "男"), 1),
        (("--sex", "女"), 2),
        (("--photo", "/nonexistent.jpg", "--sex", "女"), 2),
    ],
)
async def test_a_correction_that_cannot_be_made_changes_nothing(
    office: Office, number: str, operator: Connection, options: tuple[str, ...], code: int
) -> None:
    ran = office.run("certificates", "correct", number, *options, "--note", "-", stdin="x")

    assert ran.code == code
    assert await operator.fetchval("select count(*) from credential") == 1
    assert await operator.fetchval("select count(*) from approval where action = 'correct'") == 0


def test_a_refused_value_is_explained_and_not_repeated(office: Office, number: str) -> None:
    wrong = ANN.id_number[:-1] + ("1" if ANN.id_number[-1] != "1" else "2")

    ran = office.run("certificates", "correct", number, "--id-number", office.private(wrong), "--note", "-", stdin="x")

    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "check character" in ran.err
    assert wrong not in ran.err


async def test_another_persons_id_number_is_a_conflict(office: Office, operator: Connection) -> None:
    ann, bob = trainee(2), trainee(4)
    office.enrol_passed([ann, bob])
    office.issue()
    number = next(line["number"] for line in office.list() if line["name"] == ann.name)

    ran = office.run("certificates", "correct", number, "--id-number", office.private(bob.id_number), "--note", "-")

    assert ran.code == 5
    assert bob.id_number not in ran.err
    assert await operator.fetchval("select count(*) from credential") == 2


def test_a_new_photo_alone_is_a_correction(office: Office, number: str) -> None:
    file = office.write("new.jpg", photo(90))

    ran = office.run("certificates", "correct", number, "--photo", file, "--note", "-", stdin="照片有误")

    assert ran.code == 0
    assert [line["status"] for line in office.list()] == ["superseded", "valid"]


async def test_of_two_corrections_at_once_one_is_made_and_the_other_refused(
    office: Office, number: str, database: DatabaseUrls, settings: Settings, secrets: Secrets
) -> None:
    async def run(name: str) -> str | None:
        async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection:
            desk = await OperatorSession(settings, connection, KeyDirectory(settings), Actor(name)).desk()
            correction = Correction(name=name, note="x")
            try:
                await correct(desk, number, correction, today=today_in_shanghai())
            except ConflictError:
                return None
            return name

    names = [name for name in await asyncio.gather(run("林甲"), run("林乙"), run("林丙")) if name is not None]

    assert [line["name"] for line in office.list()] == [ANN.name, *names]


async def test_a_correction_beside_a_revocation_for_misconduct_never_follows_it(
    office: Office, number: str, database: DatabaseUrls, operator: Connection, settings: Settings, secrets: Secrets
) -> None:
    async def run_correction(connection: Connection) -> None:
        desk = await OperatorSession(settings, connection, KeyDirectory(settings), Actor("b")).desk()
        await correct(desk, number, Correction(name="林新名", note="x"), today=today_in_shanghai())

    async with connected(database.operator, "OPERATOR_DATABASE_URL") as other:
        async with operator.transaction():
            await revoke(
                operator, secrets, Actor("a"), number=number, reason=RevocationReason.EXAM_MISCONDUCT, note=None
            )
            correction = asyncio.create_task(run_correction(other))
            await asyncio.sleep(0.5)  # it has begun, and waits for the revocation to be decided
        with pytest.raises(ConflictError):
            await correction

    assert len(office.list()) == 1


def test_each_of_a_persons_two_certificates_is_corrected_by_itself(sample: Office) -> None:
    lines = sample.list()
    by_name: dict[str, list[str]] = {}
    for line in lines:
        by_name.setdefault(str(line["name"]), []).append(str(line["number"]))
    first, second = next(numbers for numbers in by_name.values() if len(numbers) == 2)

    assert correct_name(sample, first).code == 0
    again = correct_name(sample, second)
    assert again.code == 0, again.err
    third = correct_name(sample, str(again.json["number"]))

    assert (third.code, "NOTHING_TO_CORRECT" in third.err) == (2, True)
