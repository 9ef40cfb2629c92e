"""Revoking and correcting by two people: one certificate at once, a whole class as a job."""

from uuid import UUID

import pytest

from tests.colleagues import Colleagues, at_once
from tests.factories import trainee
from tests.integration.register.proposals.conftest import CLASS
from verify_service.clock import today_in_shanghai
from verify_service.credentials.model import RevocationReason
from verify_service.credentials.service.correcting import Correction
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.database import Connection
from verify_service.errors import ConflictError, FieldError, UsageError
from verify_service.proposals.model import IssuePreview, Rejection, RevokePreview
from verify_service.proposals.rules import PreviewChangedError, digest_of
from verify_service.proposals.service import deciding
from verify_service.proposals.service.certificate_previews import preview_correct, preview_revoke
from verify_service.proposals.service.class_previews import preview_issue, preview_revoke_class
from verify_service.proposals.service.proposing import propose_correct, propose_revoke, propose_revoke_class
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects

REASON = RevocationReason.ISSUED_IN_ERROR
APPROVED = """
select given_by, actor, second_actor, sealed_note, approval.approval_id, credential.subject_id
  from credential_event
  join approval on approval.approval_id = credential_event.approval_id
  join credential on credential.credential_id = credential_event.credential_id
 where credential.certificate_number = $1 and event = $2
"""


@pytest.fixture
async def numbers(desk: Desk, cohort_id: UUID) -> list[str]:
    """The numbers of a class that the operator issued to."""
    await issue_cohort(desk, cohort_id)
    rows = await desk.connection.fetch("select certificate_number from credential order by 1")
    return [row["certificate_number"] for row in rows]


async def revocation(colleagues: Colleagues, number: str, note: str | None = "备注") -> UUID:
    preview = await preview_revoke(colleagues.reader, number, REASON, note)
    return await propose_revoke(colleagues.reader, colleagues.issuer, number, REASON, note, digest_of(preview))


async def correction(colleagues: Colleagues, number: str, asked: Correction) -> UUID:
    today = today_in_shanghai()
    shown = digest_of(await preview_correct(colleagues.reader, number, asked, today=today))
    return await propose_correct(colleagues.reader, colleagues.issuer, number, asked, shown, today=today)


async def payloads(connection: Connection) -> int:
    count = await connection.fetchval("select count(*) from proposal_item where sealed_payload is not null")
    return int(count)


async def test_a_revocation_is_done_with_its_approval_and_leaves_the_note_under_the_persons_key_alone(
    colleagues: Colleagues, numbers: list[str], operator: Connection, secrets: Secrets
) -> None:
    proposal_id = await revocation(colleagues, numbers[0])
    assert await payloads(operator) == 1

    await colleagues.approve(proposal_id)

    row = await operator.fetchrow(APPROVED, numbers[0], "revoked")
    assert row is not None
    assert (row["given_by"], row["actor"], row["second_actor"]) == ("two_people", "issuer-1", "approver-1")
    person = (await subjects.find_by_ids(operator, secrets, [row["subject_id"]]))[row["subject_id"]]
    assert person.cipher.open(row["sealed_note"], "approval:sealed_note", row["approval_id"]).decode() == "备注"
    assert await payloads(operator) == 0


async def test_what_was_revoked_meanwhile_is_not_revoked_again(colleagues: Colleagues, numbers: list[str]) -> None:
    first = await revocation(colleagues, numbers[0])
    await colleagues.approve(first)

    with pytest.raises(ConflictError, match="revoked already"):
        await revocation(colleagues, numbers[0])


async def test_a_correction_keeps_the_chain_and_says_what_was_approved(
    colleagues: Colleagues, numbers: list[str], operator: Connection
) -> None:
    asked = Correction(name="欧阳样例", note="登记有误")
    proposal_id = await correction(colleagues, numbers[1], asked)

    outcome = await colleagues.approve(proposal_id)

    assert outcome.corrected is not None
    assert outcome.corrected.supersedes == numbers[1]
    row = await operator.fetchrow(APPROVED, numbers[1], "superseded")
    assert row is not None
    assert (row["given_by"], row["actor"], row["second_actor"]) == ("two_people", "issuer-1", "approver-1")
    assert await payloads(operator) == 0


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (Correction(name="样例1号", note="x"), FieldError),
        (Correction(id_number="110101199001011", note="x"), FieldError),
        (Correction(note="x"), UsageError),
        (Correction(id_number=trainee(2).id_number, note="x"), ConflictError),  # a classmate's
    ],
)
async def test_what_cannot_be_corrected_so_is_refused_before_it_is_proposed(
    colleagues: Colleagues, numbers: list[str], asked: Correction, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await correction(colleagues, numbers[0], asked)


async def test_a_certificate_revoked_after_the_look_is_not_corrected_unseen(
    colleagues: Colleagues, numbers: list[str]
) -> None:
    proposal_id = await correction(colleagues, numbers[0], Correction(name="欧阳样例", note="登记有误"))
    shown = await colleagues.shown(proposal_id)

    with pytest.raises(PreviewChangedError):
        await deciding.approve(
            colleagues.reader,
            colleagues.approver,
            proposal_id,
            shown[::-1],
            desk_of=colleagues.desk,
            at=at_once(),
        )
    with pytest.raises(ConflictError, match="another proposal"):
        await revocation(colleagues, numbers[0])
    await deciding.reject(colleagues.connection, colleagues.approver, proposal_id, Rejection.WRONG_FACTS, at_once())
    assert await payloads(colleagues.connection) == 0, "what was proposed of a person ends with the decision"


async def test_a_whole_class_is_revoked_by_a_job_but_for_who_was_before(
    colleagues: Colleagues, numbers: list[str], cohort_id: UUID, operator: Connection, secrets: Secrets
) -> None:
    await colleagues.approve(await revocation(colleagues, numbers[0]))
    reader, note = colleagues.reader, "整班撤销"
    preview = await preview_revoke_class(reader, cohort_id, REASON, note)
    assert [line.number for line in preview.certificates] == numbers[1:]
    assert [line.number for line in preview.passed_over] == numbers[:1]
    proposal_id = await propose_revoke_class(reader, colleagues.issuer, cohort_id, REASON, note, digest_of(preview))

    await colleagues.approve(proposal_id)
    await colleagues.work()

    revoked = await operator.fetch("select approval_id from credential_event where event = 'revoked'")
    assert len(revoked) == len({row["approval_id"] for row in revoked}) == CLASS
    stage = await operator.fetchrow("select total, done, held from job_stage")
    assert stage is not None
    assert tuple(stage) == (CLASS - 1, CLASS - 1, 0)
    row = await operator.fetchrow(APPROVED, numbers[3], "revoked")
    assert row is not None
    person = (await subjects.find_by_ids(operator, secrets, [row["subject_id"]]))[row["subject_id"]]
    assert person.cipher.open(row["sealed_note"], "approval:sealed_note", row["approval_id"]).decode() == note
    assert await payloads(operator) == 0


async def test_what_a_class_got_since_a_proposal_to_revoke_it_is_shown_as_left_out_before_it_is_approved(
    colleagues: Colleagues, numbers: list[str], cohort_id: UUID
) -> None:
    reader = colleagues.reader
    preview = await preview_revoke_class(reader, cohort_id, REASON, None)
    assert preview.left_out == ()
    proposal_id = await propose_revoke_class(reader, colleagues.issuer, cohort_id, REASON, None, digest_of(preview))
    shown = await colleagues.shown(proposal_id)

    corrected = await colleagues.approve(
        await correction(colleagues, numbers[0], Correction(name="欧阳样例", note="登记有误"))
    )

    assert corrected.corrected is not None
    assert await colleagues.shown(proposal_id) != shown, "whoever looked before looks again"
    proposal = await deciding.get_proposal(colleagues.connection, proposal_id)
    again = await deciding.preview(reader, proposal, today_in_shanghai())
    assert isinstance(again, RevokePreview)
    assert [line.number for line in again.left_out] == [corrected.corrected.number]
    assert [line.number for line in again.certificates] == numbers


async def test_who_is_issued_to_is_told_from_who_is_held_and_who_failed(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection, superuser: Connection
) -> None:
    await superuser.execute("delete from photo where photo_id = (select photo_id from photo order by 1 limit 1)")
    entries = [row["exam_entry_id"] for row in await operator.fetch("select exam_entry_id from exam_entry order by 1")]
    for entry, conclusion in zip(entries[1:], ("failed", "absent", "void"), strict=False):
        await operator.execute("update sitting set conclusion = $2 where exam_entry_id = $1", entry, conclusion)

    preview: IssuePreview = await preview_issue(colleagues.reader, cohort_id)

    assert [line.object_id for line in preview.to_issue] == entries[4:]
    assert [(line.object_id, line.reason) for line in preview.held] == [(entries[0], "NO_PHOTO")]
    assert [line.reason for line in preview.not_eligible] == ["failed", "absent", "void"]
    assert all("*" in line.id_number_masked for line in preview.to_issue)
