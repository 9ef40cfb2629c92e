"""Revoking: the register says so from then on, and keeps who did it and why."""

import pytest

from tests.desks import ask
from tests.factories import trainees
from tests.office import Office
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.lookups.rules import Question
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects

ANN, BOB = trainees(2)
SELECT_REVOCATION = """
select reason, given_by, approval.action, approval.actor, sealed_note, approval.approval_id, subject_id, detail
  from credential_event
  join credential on credential.credential_id = credential_event.credential_id
  join approval on approval.approval_id = credential_event.approval_id
  join audit_event
    on audit_event.action = 'credential_revoked' and audit_event.object_id = credential.credential_id::text
"""


@pytest.fixture
def office(office: Office) -> Office:
    """An office that issued to Ann and Bob."""
    office.enrol_passed([ANN, BOB])
    assert office.issue().json["issued"] == 2
    return office


@pytest.mark.parametrize(
    ("reason", "public"),
    [
        ("issued_in_error", "issued_in_error"),
        ("exam_misconduct", "withdrawn"),
        ("holder_request", "withdrawn"),
        ("key_compromise", "key_compromise"),
    ],
)
async def test_the_list_has_the_internal_reason_and_the_public_another(
    office: Office, web: Connection, secrets: Secrets, reason: str, public: str
) -> None:
    revoked, other = office.list()

    ran = office.run("certificates", "revoke", revoked["number"], "--reason", reason, "--json")

    assert (ran.code, ran.json["status"]) == (0, "revoked")
    assert office.list() == [{**revoked, "status": "revoked", "statusReason": reason}, other]
    question = Question(Facts(name=ANN.name, id_number=ANN.id_number))
    (answer,) = (await ask(web, secrets.index[0], question.facts)).certificates
    assert (answer.status, answer.status_reason) == ("revoked", public)
    assert answer.status_since is not None


async def test_approval_and_trail_are_kept_and_the_note_only_sealed(
    office: Office, operator: Connection, secrets: Secrets
) -> None:
    number = office.list()[0]["number"]

    office.run("certificates", "revoke", number, "--reason", "holder_request", "--note", "-", stdin="本人来信要求")

    (row,) = await operator.fetch(SELECT_REVOCATION)
    assert (row["action"], row["given_by"], row["reason"]) == ("revoke", "operator", "holder_request")
    assert number in row["detail"]
    assert str(row["approval_id"]) in row["detail"]
    subject = (await subjects.find_by_ids(operator, secrets, [row["subject_id"]]))[row["subject_id"]]
    note = subject.cipher.open(row["sealed_note"], "approval:sealed_note", row["approval_id"])
    assert note.decode() == "本人来信要求"


async def test_revoking_twice_is_a_conflict_and_leaves_the_first_reason(office: Office, operator: Connection) -> None:
    number = office.list()[0]["number"]
    office.run("certificates", "revoke", number, "--reason", "holder_request")

    ran = office.run("certificates", "revoke", number, "--reason", "exam_misconduct")

    assert (ran.code, ran.err.count("\n")) == (5, 1)
    assert office.list()[0]["statusReason"] == "holder_request"
    assert await operator.fetchval("select count(*) from approval where action = 'revoke'") == 1


def test_an_unknown_number_is_wrong_usage(office: Office) -> None:
    ran = office.run("certificates", "revoke", "QMT20269999992", "--reason", "holder_request")

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert {line["status"] for line in office.list()} == {"valid"}


def test_a_reason_of_ones_own_is_wrong_usage(office: Office) -> None:
    ran = office.run("certificates", "revoke", office.list()[0]["number"], "--reason", "because")

    assert ran.code == 2


def test_a_superseded_certificate_may_be_revoked_and_then_is(office: Office) -> None:
    number = office.list()[0]["number"]
    new = office.run(
        "certificates", "correct", number, "--name", office.private("林新名"), "--note", "-", "--json", stdin="x"
    ).json["number"]

    assert office.run("certificates", "revoke", number, "--reason", "holder_request").code == 0

    old = next(line for line in office.list() if line["number"] == number)
    assert (old["status"], old["statusReason"], old["supersededBy"]) == ("revoked", "holder_request", new)
