"""The partner's pages over HTTP: what they show, what leaves as files, and that no request sees beyond its partner."""

import io
import zipfile
from uuid import UUID, uuid4

import msgspec
import openpyxl
import pytest
from litestar.types import HTTPReceiveMessage, HTTPScope, Message

from tests.consoles import Console, Person
from tests.registers import PARTNERS, SHARED, trainees_of
from verify_service.accounts.model import Account, Role
from verify_service.consoles.cookies import SESSION_COOKIE
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection, new_row_id
from verify_service.portal.service import archives

ARCHIVE = f"/partner/cohorts/{SHARED}/certificates.zip"
CODES = f"/partner/cohorts/{SHARED}/codes"
NUMBERS = """
select certificate_number
  from credential
  join exam_entry using (exam_entry_id)
  join enrolment using (enrolment_id)
  join cohort using (cohort_id)
 where enrolment.partner_id = $1 and code = $2
 order by certificate_number
"""
PACK = "insert into delivery (delivery_id, partner_id, created_by, note) values ($1, $2, 'registrar-1', '内部备注')"
PUT_IN = "insert into delivery_item (delivery_id, certificate_number, packed_by) values ($1, $2, 'registrar-1')"
SEND = """
insert into delivery_event (delivery_id, event, happened_on, courier, courier_number, recorded_by)
values ($1, 'sent', '2026-11-27', '顺丰速运', 'SF1234567890123', 'registrar-1')
"""


@pytest.fixture
async def mine(console: Console) -> Person:
    """A user of the first partner."""
    return await console.sign_in(Role.PARTNER, partner=PARTNERS[0])


async def numbers_of(migration: Connection, person: Person) -> list[str]:
    """Return the numbers of a partner in SHARED: valid, superseded, revoked, an erased person's, and the correction."""
    assert person.account is not None
    return [row[0] for row in await migration.fetch(NUMBERS, person.account.partner_id, SHARED)]


async def test_pages_lead_from_the_classes_to_a_person_and_a_certificate(mine: Person, migration: Connection) -> None:
    valid = trainees_of(PARTNERS[0])[0]
    home = await mine.get("/partner")
    cohort = await mine.get(f"/partner/cohorts/{SHARED}")
    number = (await numbers_of(migration, mine))[0]
    certificate = await mine.get(f"/partner/certificates/{number}")

    assert f'href="/partner/cohorts/{SHARED}"' in home.text
    assert "own-1" not in home.text
    assert valid.name in cohort.text
    assert valid.id_number not in cohort.text
    assert not any(one.name in cohort.text for one in trainees_of(PARTNERS[1]))
    assert f'href="/partner/certificates/{number}/certificate.pdf"' in certificate.text
    assert "Your classes" in (await mine.get("/partner?lang=en")).text


async def test_a_certificate_that_stands_is_sent_and_one_that_does_not_is_told_about(
    mine: Person, migration: Connection
) -> None:
    valid, superseded, revoked, *_ = await numbers_of(migration, mine)
    sent = await mine.get(f"/partner/certificates/{valid}/certificate.pdf")

    assert (sent.status_code, sent.headers["content-type"]) == (200, "application/pdf")
    assert sent.content.startswith(b"%PDF")
    event = await migration.fetchrow("select actor, object_id from audit_event where action = 'certificate_sent'")
    assert mine.account is not None
    assert event is not None
    assert tuple(event) == (mine.account.name, valid)
    for number in (superseded, revoked):
        told = await mine.get(f"/partner/certificates/{number}/certificate.pdf")
        assert (told.status_code, told.headers["content-type"]) == (409, "text/html; charset=utf-8")


async def test_an_archive_is_sent_uncompressed_and_its_progress_is_told(mine: Person) -> None:
    download = uuid4()
    sent = await mine.get(f"{ARCHIVE}?download={download}", headers={"Accept-Encoding": "gzip"})
    progress = await mine.get(f"/partner/downloads/{download}")

    assert "content-encoding" not in sent.headers
    with zipfile.ZipFile(io.BytesIO(sent.content)) as opened:
        first, *others = opened.namelist()
    assert first == "说明.txt"
    assert len(others) == 2 + 2
    assert progress.json() == {"done": 2, "total": 2, "held": 0, "ended": True}


async def test_a_class_without_certificates_leads_back(mine: Person, migration: Connection) -> None:
    assert mine.account is not None
    await migration.execute(
        "insert into cohort (cohort_id, code, partner_id) values ($1, 'empty', $2)",
        new_row_id(),
        mine.account.partner_id,
    )
    answer = await mine.get("/partner/cohorts/empty/certificates.zip")

    assert (answer.status_code, answer.headers["location"]) == (303, "/partner/cohorts/empty?notice=nothing-to-send")
    assert "没有可下载" in (await mine.get(answer.headers["location"])).text


async def test_whoever_leaves_stops_the_drawing_and_frees_the_turn(
    console: Console, mine: Person, monkeypatch: pytest.MonkeyPatch, migration: Connection
) -> None:
    monkeypatch.setattr(archives, "BATCHES", (1,))
    looked_at = await migration.fetchval("select count(*) from print_check")
    chunks: list[bytes] = []
    left: list[HTTPReceiveMessage] = [
        {"type": "http.request", "body": b"", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive() -> HTTPReceiveMessage:
        return left.pop(0)  # gone as soon as the request is read

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            chunks.append(message["body"])

    download = uuid4()
    await console.app(_scope(mine, "/partner/cohorts/own-0/certificates.zip", f"download={download}"), receive, send)

    assert await migration.fetchval("select count(*) from print_check") < looked_at + 2
    assert not b"".join(chunks).endswith(b"PK\x05\x06")
    assert (await mine.get(f"/partner/downloads/{download}")).json()["ended"] is False
    for _ in range(3):  # more than there are turns
        assert (await mine.get(ARCHIVE)).status_code == 200


async def test_codes_are_handed_out_once_to_the_session_that_drew_them(console: Console, mine: Person) -> None:
    colleague = await console.sign_in(Role.PARTNER, partner=PARTNERS[0])
    drawn = await mine.post(CODES)
    again = await mine.post(CODES)
    lists = [await mine.get(f"{CODES}.xlsx") for _ in range(2)]

    assert (drawn.status_code, drawn.headers["location"]) == (303, f"{CODES}?notice=codes-drawn")
    assert again.status_code == 409
    assert lists[0].content == lists[1].content  # a download that broke off is begun anew
    sheet = openpyxl.load_workbook(io.BytesIO(lists[0].content)).worksheets[0]
    codes = [str(row[3].value) for row in sheet.iter_rows(min_row=3)]
    assert len(codes) == 3
    shown = (await mine.get(CODES)).text
    assert not any(code in shown for code in codes)
    assert (await colleague.get(f"{CODES}.xlsx")).status_code == 404
    assert (await mine.post(f"{CODES}/received")).status_code == 303
    assert (await mine.get(f"{CODES}.xlsx")).status_code == 404


async def test_parcels_are_shown_to_whom_they_are_sent(console: Console, mine: Person, migration: Connection) -> None:
    theirs = await console.sign_in(Role.PARTNER, partner=PARTNERS[1])
    assert mine.account is not None
    number, delivery = (await numbers_of(migration, mine))[0], new_row_id()
    await migration.execute(PACK, delivery, mine.account.partner_id)
    await migration.execute(PUT_IN, delivery, number)
    await migration.execute(SEND, delivery)

    listed = await mine.get("/partner/deliveries")
    shown = await mine.get(f"/partner/deliveries/{delivery}")

    assert "SF1234567890123" in listed.text
    assert f'href="/partner/certificates/{number}"' in shown.text
    assert "在途" in shown.text
    for page in (listed, shown):
        assert "内部备注" not in page.text
        assert "registrar-1" not in page.text
    assert "SF1234567890123" not in (await theirs.get("/partner/deliveries")).text


async def test_a_connection_is_bound_for_one_transaction_and_comes_back_unbound(console: Console, mine: Person) -> None:
    assert mine.account is not None
    setting = "select current_setting('verify_service.partner_id', true), pg_backend_pid()"
    seen = "select count(*) from enrolment"
    partners = console.context._partners  # what is lent next is the question

    async with console.context.portal(_visitor(mine.account)) as connection:
        bound, process = await connection.fetchrow(setting) or ("", 0)
        assert UUID(bound) == mine.account.partner_id
        assert await connection.fetchval(seen) == 6
    async with partners.lend() as connection:
        assert tuple(await connection.fetchrow(setting) or ()) == ("", process)
        assert await connection.fetchval(seen) == 0
    nobody = msgspec.structs.replace(mine.account, partner_id=None)
    async with console.context.portal(_visitor(nobody)) as connection:
        assert await connection.fetchval(seen) == 0


async def test_a_page_that_fails_leaves_no_binding_behind(console: Console, mine: Person) -> None:
    assert mine.account is not None
    with pytest.raises(ZeroDivisionError):
        async with console.context.portal(_visitor(mine.account)):
            raise ZeroDivisionError
    partners = console.context._partners
    async with partners.lend() as connection:
        assert await connection.fetchval("select current_setting('verify_service.partner_id', true)") in {None, ""}


def _visitor(account: Account) -> Visitor:
    return Visitor(new_row_id(), account, "")


def _scope(person: Person, path: str, query: str) -> HTTPScope:
    headers = [(b"host", b"127.0.0.1"), (b"cookie", f"{SESSION_COOKIE}={person.token}".encode())]
    return {  # type: ignore[typeddict-item]  # what the application reads of it
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {},
        "extensions": {},
    }
