"""Issuing, revoking and correcting by two people, over pages; and what a stolen link or a lost role is worth."""

import base64
import html
import io
import re
from unittest.mock import ANY
from uuid import UUID

import msgspec
import pytest
from PIL import ExifTags, Image

from tests.consoles import Console, Person
from tests.factories import enrol_passed, photo, trainees
from verify_service.accounts.model import Role
from verify_service.database import Connection
from verify_service.embedded.server import DatabaseUrls
from verify_service.jobs.service.running import work_once
from verify_service.jobs.service.workshop import open_workshop
from verify_service.key_directory import KeyDirectory
from verify_service.settings import Settings

CLASS = 3
SHOWN = re.compile(r'name="shown" value="([0-9a-f]{64})"')
SEEN = re.compile(r'src="data:image/jpeg;base64,([^"]+)"')


@pytest.fixture
async def cohort_id(operator: Connection, settings: Settings) -> UUID:
    return await enrol_passed(operator, KeyDirectory(settings).require_secrets(), "C1", trainees(CLASS))


@pytest.fixture
async def issuer(console: Console) -> Person:
    return await console.sign_in(Role.ISSUER, Role.REGISTRAR)


@pytest.fixture
async def approver(console: Console) -> Person:
    return await console.sign_in(Role.APPROVER)


async def send(person: Person, path: str, action: str | None = None, **fields: str) -> str:
    """Fill in the form of a page with what that page shows, and return where it leads."""
    page = await person.get(path)
    assert page.status_code == 200, page.text
    shown = SHOWN.search(page.text)
    data = {**fields, **({"shown": shown[1]} if shown else {})}
    answer = await person.post(action or path, data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def propose(person: Person, path: str, fields: dict[str, str]) -> str:
    """Have shown what a form asks for, propose that, and return where the proposal is."""
    preview = await person.post(path, fields)
    shown = SHOWN.search(preview.text)
    assert shown is not None, preview.text
    sent = await person.post(path, {**fields, "shown": shown[1]})
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"].partition("?")[0])


async def work(settings: Settings, database: DatabaseUrls) -> None:
    await work_once(open_workshop(settings, database.signer), database.console)


@pytest.fixture
async def issued(
    issuer: Person, approver: Person, cohort_id: UUID, settings: Settings, database: DatabaseUrls, operator: Connection
) -> list[str]:
    """The numbers of a class that was issued to over pages."""
    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    job = await send(approver, proposal, f"{proposal}/approve")
    await work(settings, database)
    page = await approver.get(job)
    assert "已完成" in page.text
    rows = await operator.fetch("select certificate_number from credential order by 1")
    return [row["certificate_number"] for row in rows]


async def test_a_class_is_previewed_proposed_approved_issued_and_each_certificate_has_its_page(
    issued: list[str], issuer: Person
) -> None:
    assert len(issued) == CLASS
    page = await issuer.get(f"/staff/certificates/{issued[0]}")
    file = await issuer.get(f"/staff/certificates/{issued[0]}/pdf/masked")
    jobs, proposals = await issuer.get("/staff/jobs"), await issuer.get("/staff/proposals")

    assert page.status_code == 200
    assert file.content.startswith(b"%PDF")
    assert "已完成" in jobs.text
    assert "已批准" in proposals.text
    assert "没有可以签发的人" in (await issuer.get("/staff/cohorts/C1/issue")).text


async def test_the_proposer_cannot_approve_and_may_withdraw(
    console: Console, cohort_id: UUID, operator: Connection
) -> None:
    both = await console.sign_in(Role.ISSUER, Role.APPROVER)
    proposal = await send(both, "/staff/cohorts/C1/issue")
    page = await both.get(proposal)
    shown = SHOWN.search(page.text)

    assert shown is None, "no form to approve is offered"
    for action, data in (("approve", {"shown": "0" * 64}), ("reject", {"reason": "not_now"})):
        answer = await both.post(f"{proposal}/{action}", data)
        assert answer.status_code == 409
        assert "不能审批自己提出的申请" in answer.text
    assert await operator.fetchval("select state from proposal") == "open"
    await send(both, proposal, f"{proposal}/withdraw")
    assert await operator.fetchval("select state from proposal") == "withdrawn"


async def test_a_link_to_approve_is_worth_nothing_without_session_role_and_recent_proof(
    console: Console, issuer: Person, approver: Person, cohort_id: UUID, operator: Connection
) -> None:
    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    shown = SHOWN.search((await approver.get(proposal)).text)
    assert shown is not None
    form, address = {"shown": shown[1]}, f"{proposal}/approve"

    stranger, auditor = console.stranger(), await console.sign_in(Role.AUDITOR)
    assert (await stranger.post(address, form)).status_code == 401
    assert (await stranger.get(proposal)).status_code == 401
    assert (await auditor.post(address, form)).status_code == 403
    assert (await approver.http.get(address)).status_code == 405, "a link alone approves nothing"
    assert (await approver.http.post(address, data=form)).status_code == 403, "nor does a form of another site"
    async with console.context.connection() as connection:
        await connection.execute("update account_session set proven_at = now() - interval '11 minutes'")
    assert f"/staff/proof?next={proposal}" in (await approver.get(proposal)).text
    late = await approver.post(address, form)
    assert (late.status_code, late.headers["location"].partition("?")[0]) == (303, "/staff/proof")
    assert await operator.fetchval("select state from proposal") == "open"


async def test_a_role_taken_away_in_the_middle_of_a_session_refuses_at_once(
    issuer: Person, approver: Person, cohort_id: UUID, operator: Connection, migration: Connection
) -> None:
    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    page = await approver.get(proposal)
    shown = SHOWN.search(page.text)
    assert shown is not None
    await migration.execute("update account set roles = '{auditor}' where account_id = $1", approver.account.account_id)

    answer = await approver.post(f"{proposal}/approve", {"shown": shown[1]})

    assert answer.status_code == 403
    assert await operator.fetchval("select state from proposal") == "open"


async def test_what_changed_meanwhile_is_shown_anew(
    issuer: Person, approver: Person, cohort_id: UUID, operator: Connection
) -> None:
    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    shown = SHOWN.search((await approver.get(proposal)).text)
    assert shown is not None
    await operator.execute(
        "update sitting set conclusion = 'void'"
        " where exam_entry_id = (select exam_entry_id from sitting order by 1 limit 1)"
    )

    answer = await approver.post(f"{proposal}/approve", {"shown": shown[1]})

    assert answer.status_code == 409
    assert "有了变动" in answer.text
    assert "将签发 2 份" in answer.text
    again = SHOWN.search(answer.text)
    assert again is not None
    assert again[1] != shown[1]
    assert await operator.fetchval("select count(*) from job") == 0


async def test_a_certificate_is_corrected_and_the_chain_can_be_walked(
    issued: list[str], issuer: Person, approver: Person, operator: Connection
) -> None:
    address = f"/staff/certificates/{issued[0]}/correct"
    form = {"name": "欧阳样例", "note": "登记有误"}
    token = {"form_token": issuer.form_token}
    files = {"new_photo": ("new.jpg", photo(90), "image/jpeg")}
    preview = await issuer.http.post(
        address, data={**form, **token}, files=files, headers={"Origin": issuer.public_url}
    )
    assert preview.status_code == 200, preview.text
    assert "已更正换发" in preview.text
    kept, shown = re.search(r'name="photo" value="([^"]+)"', preview.text), SHOWN.search(preview.text)
    assert kept is not None
    assert shown is not None
    sent = await issuer.http.post(
        address,
        data={**form, **token, "photo": kept[1], "shown": shown[1]},
        files={"new_photo": ("", b"", "application/octet-stream")},
        headers={"Origin": issuer.public_url},
    )
    assert sent.status_code == 303, sent.text
    proposal = sent.headers["location"].partition("?")[0]
    assert await operator.fetchval("select count(*) from audit_event where action = 'personal_data_shown'") == 1

    new = await send(approver, proposal, f"{proposal}/approve")

    page = await approver.get(new)
    assert "欧阳样例" in page.text
    assert f'href="/staff/certificates/{issued[0]}"' in page.text
    assert "已更正换发" in (await approver.get(f"/staff/certificates/{issued[0]}")).text


async def test_a_photo_put_into_the_second_form_is_made_a_portrait_as_an_upload_is(
    issued: list[str], issuer: Person, approver: Person
) -> None:
    address = f"/staff/certificates/{issued[0]}/correct"
    assert (await issuer.post(address, {"note": "照片有误", "photo": "样"})).status_code == 400
    fields = {"note": "照片有误", "photo": base64.b64encode(_picture_with_a_place()).decode()}
    proposal = await propose(issuer, address, fields)

    seen = SEEN.search((await approver.get(proposal)).text)
    assert seen is not None
    with Image.open(io.BytesIO(base64.b64decode(html.unescape(seen[1])))) as portrait:
        assert not portrait.getexif()
        assert portrait.size == (410, 574)


def _picture_with_a_place() -> bytes:
    with Image.open(io.BytesIO(photo(90))) as source:
        exif = source.getexif()
        exif[ExifTags.Base.GPSInfo] = {ExifTags.GPS.GPSLatitude: (31.0, 14.0, 0.0)}
        written = io.BytesIO()
        source.resize((900, 900)).save(written, format="JPEG", exif=exif)
    return written.getvalue()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "样例1号", "note": "x"}, "姓名中有数字"),
        ({"id_number": "11010119900101123X", "note": "x"}, "校验码不符"),
        ({"name": "欧阳样例"}, "请填写更正说明"),
        ({"note": "x"}, "没有需要更正的地方"),
    ],
)
async def test_a_correction_that_cannot_be_keeps_what_was_typed(
    issued: list[str], issuer: Person, fields: dict[str, str], sentence: str
) -> None:
    answer = await issuer.post(f"/staff/certificates/{issued[0]}/correct", fields)

    assert answer.status_code in {400, 409}
    assert sentence in answer.text
    assert all(value in answer.text for value in fields.values())


async def test_one_certificate_and_then_the_whole_class_are_revoked(
    issued: list[str],
    issuer: Person,
    approver: Person,
    settings: Settings,
    database: DatabaseUrls,
    operator: Connection,
) -> None:
    for address in (f"/staff/certificates/{issued[0]}/revoke", "/staff/cohorts/C1/revoke"):
        assert "请选择撤销原因" in (await issuer.post(address, {"note": "备注"})).text
        form = {"reason": "exam_misconduct", "note": "备注"}
        assert "发证机构撤回" in (await issuer.post(address, form)).text, "what the public will be told"
        proposal = await propose(issuer, address, form)
        await send(approver, proposal, f"{proposal}/approve")
        await work(settings, database)

    assert await operator.fetchval("select count(*) from credential_event where event = 'revoked'") == CLASS


async def test_what_is_corrected_while_its_class_waits_to_be_revoked_is_named_before_the_approval(
    issued: list[str], issuer: Person, approver: Person, operator: Connection
) -> None:
    revoking, correcting = "/staff/cohorts/C1/revoke", f"/staff/certificates/{issued[0]}/correct"
    waiting = await propose(issuer, revoking, {"reason": "issued_in_error"})
    shown = SHOWN.search((await approver.get(waiting)).text)
    assert shown is not None
    correction = await propose(issuer, correcting, {"name": "欧阳样例", "note": "登记有误"})
    new = (await send(approver, correction, f"{correction}/approve")).rpartition("/")[2]

    answer = await approver.post(f"{waiting}/approve", {"shown": shown[1]})

    assert answer.status_code == 409
    assert "不在本申请中、仍将有效的 1 份" in answer.text
    assert f'href="/staff/certificates/{new}"' in answer.text
    assert "1 not in this proposal, which stay valid" in (await approver.get(waiting, params={"lang": "en"})).text
    assert await operator.fetchval("select count(*) from job where kind = 'revoke_cohort'") == 0


async def test_a_changed_phone_needs_no_second_person_and_stands_in_the_trail(
    issued: list[str], issuer: Person, operator: Connection
) -> None:
    address = f"/staff/certificates/{issued[0]}/phone"
    assert (await issuer.post(address, {"phone": "12345"})).status_code == 400

    answer = await issuer.post(address, {"phone": "194 0000 0001"})

    assert answer.status_code == 303
    assert "194****0001" in (await issuer.get(f"/staff/certificates/{issued[0]}")).text
    detail = await operator.fetchval("select detail::text from audit_event where action = 'phone_changed'")
    assert msgspec.json.decode(detail) == {"certificate": issued[0], "session": ANY}, "no personal datum"


@pytest.mark.parametrize("path", ["issue", "revoke"])
async def test_no_such_class_or_certificate_is_the_same_missing_page(issuer: Person, path: str) -> None:
    answers = [
        await issuer.get(f"/staff/{address}")
        for address in (f"cohorts/NONE/{path}", f"certificates/QMT2026000001O/{path}", "certificates/QMT2026000001O")
        if "certificates" not in address or path == "revoke"
    ]

    assert {answer.status_code for answer in answers} == {404}
