"""The clinics over HTTP: a bad roster is put right by its partner, handed in, and imported by staff."""

import io
import re
from typing import Final

import msgspec
import openpyxl
import pytest

from tests.consoles import Console, Person
from tests.factories import OPERATOR, Result, photo_archive, results_csv, roster_csv, trainees
from verify_service.accounts.model import Role
from verify_service.database import Connection

MINE: Final = "本方学院"
PEOPLE: Final = [msgspec.structs.replace(one, partner=MINE) for one in trainees(3)]
BAD: Final = [
    msgspec.structs.replace(PEOPLE[0], name=f"{PEOPLE[0].name[0]} {PEOPLE[0].name[1:]}"),
    msgspec.structs.replace(PEOPLE[1], sex=""),
    msgspec.structs.replace(PEOPLE[2], phone="12345"),
]
EVENTS: Final = "select action from audit_event where object_type = 'draft' order by audit_event_id"


async def upload(person: Person, home: str, table: bytes, photos: bytes | None = None, **fields: str) -> str:
    """Upload a table and return the address of its draft."""
    files = {"file": ("名单.csv", table, "text/csv")}
    if photos is not None:
        files["photos"] = ("photos.zip", photos, "application/zip")
    answer = await person.post(home, {"cohort": "C1", "kind": OPERATOR, **fields}, files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def test_a_partner_puts_a_roster_right_and_staff_import_it(
    console: Console, staff_connection: Connection
) -> None:
    partner = await console.sign_in(Role.PARTNER, partner=MINE)
    registrar = await console.sign_in(Role.REGISTRAR)
    at = await upload(partner, "/partner/rosters", roster_csv(BAD), photo_archive(PEOPLE[:2]))

    page = (await partner.get(at)).text
    assert "3 行中有 2 行有误" in page
    assert "位数不对" in page
    assert "缺 1 张" in page
    assert f'value="{PEOPLE[2].id_number}"' in page
    assert (await partner.post(f"{at}/hand-in")).status_code == 409

    accepted = await partner.post(f"{at}/fixes")
    assert accepted.status_code == 303
    still = await partner.post(f"{at}/rows/3", {"phone": "1234567"})
    assert still.headers["location"] == f"{at}?notice=changed&page=1#row-3"
    assert 'value="1234567"' in (await partner.get(at)).text
    await partner.post(f"{at}/rows/3", {"phone": PEOPLE[2].phone})
    assert "3 行全部无误" in (await partner.get(at)).text
    photo = await partner.get(f"{at}/photos/0")
    assert (photo.headers["content-type"], photo.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert (await registrar.get(at.replace("/partner/", "/staff/"))).status_code == 404
    assert (await partner.post(f"{at}/hand-in")).headers["location"] == "/partner/rosters?notice=handed-in"

    at = at.replace("/partner/", "/staff/")
    assert at in (await registrar.get("/staff/rosters")).text
    assert "3 行全部无误" in (await registrar.get(at)).text
    assert (await registrar.post(f"{at}/import")).headers["location"] == "/staff/rosters?notice=imported"
    assert await staff_connection.fetchval("select count(*) from enrolment") == 3
    assert (await registrar.get(at)).status_code == 404
    events = [row["action"] for row in await staff_connection.fetch(EVENTS)]
    assert events == [
        *("draft_added", "draft_changed", "draft_changed", "draft_changed", "draft_handed_in"),
        *("draft_read", "draft_imported"),
    ]


async def test_what_the_register_says_stops_an_import_on_the_same_page(console: Console) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    other = await console.sign_in(Role.REGISTRAR)
    await console.sign_in(Role.PARTNER, partner=MINE)
    first = await upload(registrar, "/staff/rosters", roster_csv(PEOPLE))
    assert (await registrar.post(f"{first}/import")).status_code == 303
    renamed = [msgspec.structs.replace(PEOPLE[0], name="林改名"), *PEOPLE[1:]]
    at = await upload(registrar, "/staff/rosters", roster_csv(renamed))

    refused = await registrar.post(f"{at}/import")
    assert (refused.status_code, "同一个身份证号对应两个不同的姓名" in refused.text) == (409, True)
    await registrar.post(f"{at}/amendment", {"note": "户口本更名"})
    shown = re.findall(r'name="shown" value="([0-9a-f]{64})"', (await other.get(at)).text)
    alone = await registrar.post(f"{at}/import")
    assert (alone.status_code, "请另一位工作人员导入" in alone.text) == (409, True)
    assert (await other.post(f"{at}/import", {"shown": shown[0]})).status_code == 303


async def test_results_have_the_same_clinic(console: Console, staff_connection: Connection) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    await console.sign_in(Role.PARTNER, partner=MINE)
    unknown = await registrar.post(
        "/staff/results", {"cohort": "C1"}, {"file": ("r.csv", results_csv([Result(PEOPLE[0])]), "text/csv")}
    )
    assert (unknown.status_code, "没有这个班次" in unknown.text) == (400, True)
    roster = await upload(registrar, "/staff/rosters", roster_csv(PEOPLE))
    await registrar.post(f"{roster}/import")
    assert (await registrar.get(roster.replace("rosters", "results"))).status_code == 404

    at = await upload(registrar, "/staff/results", results_csv([Result(one, conclusion="过") for one in PEOPLE]))
    assert "3 行中有 3 行有误" in (await registrar.get(at)).text
    for number in (1, 2, 3):
        await registrar.post(f"{at}/rows/{number}", {"conclusion": "合格"})
    assert (await registrar.post(f"{at}/import")).status_code == 303
    assert await staff_connection.fetchval("select count(*) from sitting") == 3


async def test_another_partners_draft_is_answered_like_a_missing_one(console: Console) -> None:
    mine = await console.sign_in(Role.PARTNER, partner=MINE)
    other = await console.sign_in(Role.PARTNER, partner="他方学院")
    at = await upload(mine, "/partner/rosters", roster_csv(PEOPLE), photo_archive(PEOPLE[:1]))
    missing = at[:-12] + "000000000000"

    for rest in ("", "/rows/1", "/photos/0", "/workbook"):
        answers = [await other.get(address + rest) for address in (at, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    for rest in ("/rows/1", "/rows/1/removal", "/rows/1/photo", "/fixes", "/hand-in", "/discard"):
        answers = [await other.post(address + rest, {"name": "林"}) for address in (at, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert at not in (await other.get("/partner/rosters")).text


async def test_every_row_can_be_reached_and_opened(console: Console) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    await console.sign_in(Role.PARTNER, partner=MINE)
    many = [msgspec.structs.replace(one, partner=MINE) for one in trainees(230)]
    at = await upload(registrar, "/staff/rosters", roster_csv(many))

    shown = []
    for number in (1, 2, 3):
        page = await registrar.get(at, params={"show": "all", "page": str(number)})
        shown += re.findall(r'id="row-(\d+)"', page.text)
    assert shown == [str(number) for number in range(1, 231)]
    row = await registrar.get(f"{at}/rows/117")
    assert f'value="{many[116].id_number}"' in row.text
    assert (await registrar.get(f"{at}/rows/231")).status_code == 404
    long = await registrar.post(f"{at}/rows/1", {"name": "林" * 1001})
    assert (long.status_code, "超过 1000 个字符" in long.text) == (400, True)


async def test_rows_and_photos_come_and_go(console: Console) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    await console.sign_in(Role.PARTNER, partner=MINE)
    misnamed = [msgspec.structs.replace(PEOPLE[0], id_number=PEOPLE[0].id_number[:17] + "9"), *PEOPLE[1:]]
    at = await upload(registrar, "/staff/rosters", roster_csv(PEOPLE), photo_archive(misnamed))

    assert "缺 1 张" in (await registrar.get(at)).text
    assert "使用照片" in (await registrar.get(at, params={"show": "warnings"})).text
    await registrar.post(f"{at}/rows/1/photo", {"entry": "0"})
    assert "缺 0 张" in (await registrar.get(at)).text
    await registrar.post(f"{at}/rows/2/removal")
    assert "2 行全部无误" in (await registrar.get(at)).text
    await registrar.post(f"{at}/rows/2/removal", {"restore": "1"})
    assert "3 行全部无误" in (await registrar.get(at)).text
    english = (await registrar.get(at, params={"lang": "en"})).text
    assert "All 3 rows are right" in english
    assert (await registrar.post(f"{at}/discard")).status_code == 303
    assert (await registrar.get(at)).status_code == 404


async def test_the_workbook_is_a_workbook_and_who_takes_it_stands_in_the_trail(
    console: Console, staff_connection: Connection
) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    await console.sign_in(Role.PARTNER, partner=MINE)
    at = await upload(registrar, "/staff/rosters", roster_csv(BAD))
    await registrar.post(f"{at}/rows/3", {"phone": PEOPLE[2].phone})

    answer = await registrar.get(f"{at}/workbook")

    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''C1-roster.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[1]["D4"].value == PEOPLE[2].phone
    events = [row["action"] for row in await staff_connection.fetch(EVENTS)]
    assert events == ["draft_added", "draft_changed", "draft_read"]


async def test_a_partner_takes_its_own_workbook_without_a_trace(console: Console, staff_connection: Connection) -> None:
    partner = await console.sign_in(Role.PARTNER, partner=MINE)
    at = await upload(partner, "/partner/rosters", roster_csv(PEOPLE))

    assert (await partner.get(f"{at}/workbook")).status_code == 200

    assert [row["action"] for row in await staff_connection.fetch(EVENTS)] == ["draft_added"]


async def test_who_takes_a_workbook_of_results_stands_in_the_trail_too(
    console: Console, staff_connection: Connection
) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    await console.sign_in(Role.PARTNER, partner=MINE)
    roster = await upload(registrar, "/staff/rosters", roster_csv(PEOPLE))
    assert (await registrar.post(f"{roster}/import")).status_code == 303
    at = await upload(registrar, "/staff/results", results_csv([Result(one) for one in PEOPLE]))

    assert (await registrar.get(f"{at}/workbook")).status_code == 200

    assert [row["action"] for row in await staff_connection.fetch(EVENTS)][-1] == "draft_read"


@pytest.mark.parametrize(
    ("fields", "files", "field", "sentence"),
    [
        ({"cohort": ""}, {"file": ("a.csv", b"x", "text/csv")}, "cohort", "必填项为空"),
        ({"cohort": "班 1"}, {"file": ("a.csv", b"x", "text/csv")}, "cohort", "班次编号只能由"),
        ({}, {"file": ("", b"", "text/csv")}, "file", "必填项为空"),
        ({"kind": "other"}, {"file": ("a.csv", b"x", "text/csv")}, "kind", "必填项为空"),
        ({}, {"file": ("a.xlsx", b"%PDF-1.7", "text/csv")}, "file", "PDF"),
        (
            {},
            {"file": ("a.csv", roster_csv(PEOPLE), "text/csv"), "photos": ("p.zip", b"Rar!", "application/zip")},
            "photos",
            "ZIP",
        ),
    ],
)
async def test_a_refused_upload_keeps_what_was_typed_and_names_the_field(
    console: Console, fields: dict[str, str], files: dict[str, tuple[str, bytes, str]], field: str, sentence: str
) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)

    answer = await registrar.post("/staff/rosters", {"cohort": "C-9", "kind": OPERATOR, **fields}, files)

    assert answer.status_code == 400
    found = re.search(rf'id="error-{field}"[^>]*>([^<]*)', answer.text)
    assert found is not None
    assert sentence in found[1]
    assert ('value="C-9"' in answer.text) == ("cohort" not in fields)
