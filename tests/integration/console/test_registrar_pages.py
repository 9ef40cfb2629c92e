"""The registrar's pages over HTTP: what the command line does with classes, codes, the calendar and partners."""

import html
import io
import json
import re

import httpx
import openpyxl
import pytest

from tests.consoles import Console, Person
from tests.factories import DATA, PARTNER, Result, photo_archive, trainee, trainees
from tests.office import Office
from verify_service.accounts.model import Role
from verify_service.database import Connection
from verify_service.registrar.routes import codes as codes_routes
from verify_service.settings import Settings

# Not within a word: an id whose digits happen to be all below ten would pass for a code.
CODE = re.compile(r"(?<![\w-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z](?![\w-])")
FORM = re.compile(r'<form[^>]* action="([^"]*)"')
CHECKBOX = re.compile(r'name="people" value="([0-9a-f-]{36})"')
NOTICE_2026 = """1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
4月4日（周六）至6日（周一）放假，共3天。5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
6月19日（周五）至21日（周日）放假，共3天。9月25日（周五）至27日（周日）放假，共3天。
10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""


@pytest.fixture
def office(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(settings, tmp_path_factory.mktemp("office"))


@pytest.fixture
async def registrar(console: Console) -> Person:
    return await console.sign_in(Role.REGISTRAR)


def text_of(answer: httpx.Response) -> str:
    """Return what a page says, tags gone."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.text)).split())


async def actions(connection: Connection, like: str) -> list[str]:
    rows = await connection.fetch("select action from audit_event where action like $1 order by audit_event_id", like)
    return [row["action"] for row in rows]


async def test_a_class_is_opened_planned_and_its_sizes_judged(registrar: Person, office: Office) -> None:
    people = [*trainees(4), trainee(4, partner="另一学院")]
    office.import_roster(people, cohort="C1")

    opened = await registrar.post("/staff/cohorts", data={"code": "C2", "partner": PARTNER, "exam_on": "2027-03-14"})
    planned = await registrar.post("/staff/cohorts/C1/plan", data={"exam_on": "2026-03-14", "make_up_on": "2026-05-09"})

    assert [(answer.status_code, answer.headers["location"].partition("?")[0]) for answer in (opened, planned)] == [
        (303, "/staff/cohorts/C2"),
        (303, "/staff/cohorts/C1"),
    ]
    listed = text_of(await registrar.get("/staff/cohorts"))
    assert "不足 3 人" in listed
    assert "2026年3月14日 （计划）" in listed
    assert f"C2 {PARTNER}" in listed


async def test_a_plan_that_cannot_be_is_refused_with_its_form(registrar: Person) -> None:
    for form, says in (
        ({"code": "C/1"}, "班次编号只能用"),
        ({"code": "C1", "exam_on": "2026-03-14", "make_up_on": "2026-03-14"}, "补考必须晚于首考"),
        ({"code": "C1", "exam_on": "14.3.2026"}, "日期不对"),
        ({"code": "C1", "partner": "无此机构"}, "没有这家合作机构"),
    ):
        answer = await registrar.post("/staff/cohorts", data=form)

        assert (answer.status_code, says in answer.text) == (400, True)
        assert f'value="{form["code"]}"' in answer.text
    assert "还没有班次" in text_of(await registrar.get("/staff/cohorts"))


async def test_a_class_shows_who_is_where_who_may_sit_the_make_up_and_what_is_late(
    registrar: Person, office: Office, staff_connection: Connection
) -> None:
    people = trainees(5)
    office.import_roster(people, cohort="C1", photos=photo_archive(people[:4]))
    office.import_results(
        [
            Result(people[0]),
            Result(people[1], "不合格"),
            Result(people[2], "作废"),
            Result(people[4]),
        ],
        "C1",
    )
    office.run("cohort", "plan", "C1", "--make-up-on", "2027-05-09")

    page = text_of(await registrar.get("/staff/cohorts/C1"))
    for said in (
        "合格，待发证",
        "可补考",
        "未通过",
        "成绩未录",
        "合格，缺照片",
        "补考日期 2027年5月9日",
        "2 份证书已超过",
    ):
        assert said in page
    assert re.search(r"逾期 \d+ 个工作日", page)
    only_open = text_of(await registrar.get("/staff/cohorts/C1?tab=results&open_only=true"))
    assert people[1].name in only_open
    assert people[0].name not in only_open
    assert people[0].id_number not in page
    assert await actions(staff_connection, "people_viewed") == ["people_viewed"] * 2


async def test_codes_are_shown_once_replaced_with_a_trace_and_redeemed_once(
    registrar: Person, office: Office, staff_connection: Connection
) -> None:
    partner = await partner_with_codes(registrar, office)

    drawn = await registrar.post("/staff/cohorts/C1/codes", data={"partner": partner, "form": "page"})
    again = await registrar.post("/staff/cohorts/C1/codes", data={"partner": partner, "form": "page"})

    codes = CODE.findall(drawn.text)
    assert len(set(codes)) == 3
    assert drawn.headers["cache-control"] == "no-store"
    assert (again.status_code, "no-new-codes" in again.headers["location"]) == (303, True)
    listed = await registrar.get("/staff/cohorts/C1?tab=codes")
    assert f"由 {registrar.account.name} 领取 3 个" in text_of(listed)
    assert not CODE.search(listed.text)

    chosen = CHECKBOX.findall(listed.text)
    assert len(chosen) == 3
    unsaid = await registrar.post("/staff/cohorts/C1/codes/reissue", data={"people": chosen[:1], "note": " "})
    assert (unsaid.status_code, "请写明原因" in unsaid.text) == (400, True)
    reissued = await registrar.post("/staff/cohorts/C1/codes/reissue", data={"people": chosen[:2], "note": "清单遗失"})
    assert reissued.status_code == 303
    workbook = await registrar.post("/staff/cohorts/C1/codes", data={"partner": partner, "form": "workbook"})
    fresh = codes_in(workbook)
    assert len(fresh) == 2
    assert not set(fresh) & set(codes)

    said = [text_of(await registrar.post("/staff/codes/redeem", data={"code": code})) for code in (fresh[0], fresh[0])]
    assert "核销成功" in said[0]
    assert "已经用过" in said[1]
    outcomes = [text_of(await registrar.post("/staff/codes/redeem", data={"code": code})) for code in codes]
    assert sum("旧码无效" in outcome for outcome in outcomes) == 2
    assert (await registrar.post("/staff/codes/redeem", data={"code": "123"})).status_code == 400
    whole = {"whole_list_of": partner, "note": "清单遗失"}
    assert (await registrar.post("/staff/cohorts/C1/codes/reissue", data=whole)).status_code == 303
    # Not shown, shown, redeemed of those, replaced: only the one that was shown and not redeemed was replaced.
    assert f"{PARTNER} 1 2 2 3" in text_of(await registrar.get("/staff/cohorts/C1?tab=codes"))
    assert await actions(staff_connection, "redemption_code%") == [
        *("redemption_codes_listed", "redemption_code_replaced", "redemption_code_replaced"),
        *("redemption_codes_listed", "redemption_code_redeemed", "redemption_code_redeemed"),
        "redemption_code_replaced",
    ]


async def partner_with_codes(registrar: Person, office: Office) -> str:
    office.import_roster(trainees(3), cohort="C1")
    page = await registrar.get("/staff/cohorts/C1?tab=codes")
    partner = re.search(r'name="partner" value="([0-9a-f-]{36})"', page.text)
    assert partner is not None
    return partner[1]


def codes_in(workbook: httpx.Response) -> list[str]:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(workbook.content)).worksheets
    return [str(row[3]) for row in sheet.iter_rows(min_row=3, values_only=True)]


@pytest.mark.parametrize("form", ["page", "workbook"])
async def test_codes_that_cannot_be_rendered_are_not_handed_out(
    registrar: Person, office: Office, staff_connection: Connection, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    asked = {"partner": await partner_with_codes(registrar, office), "form": form}

    def fail(*_: object) -> bytes:
        raise RuntimeError("no workbook")

    with monkeypatch.context() as broken:
        broken.setattr(codes_routes, "code_workbook", fail)
        assert (await registrar.post("/staff/cohorts/C1/codes", data=asked)).status_code == 500

    assert await actions(staff_connection, "redemption_codes_listed") == []
    assert (await registrar.post("/staff/cohorts/C1/codes", data=asked)).status_code == 200


async def test_a_list_whose_answer_was_lost_is_fetched_again_by_the_session_that_drew_it(
    console: Console, registrar: Person, office: Office
) -> None:
    partner = await partner_with_codes(registrar, office)
    drawn = await registrar.post("/staff/cohorts/C1/codes", data={"partner": partner, "form": "page"})
    address = f"/staff/cohorts/C1/codes/{partner}"

    assert f'href="{address}"' in (await registrar.get("/staff/cohorts/C1?tab=codes")).text
    assert sorted(codes_in(await registrar.get(address))) == sorted(CODE.findall(drawn.text))
    another = await console.sign_in(Role.REGISTRAR)
    assert (await another.get(address)).status_code == 404
    assert address not in (await another.get("/staff/cohorts/C1?tab=codes")).text
    assert (await registrar.post(f"{address}/received")).status_code == 303
    assert (await registrar.get(address)).status_code == 404
    assert (await registrar.post(f"{address}/received")).status_code == 404


async def test_partners_are_registered_named_and_renamed(registrar: Person, office: Office) -> None:
    added = await registrar.post("/staff/partners", data={"name": "甲学院"})
    taken = await registrar.post("/staff/partners", data={"name": " 甲 学院 "})
    empty = await registrar.post("/staff/partners", data={"name": "12345678"})
    named = await registrar.post("/staff/partners/alias", data={"partner": "甲学院", "name": "甲职业学院"})
    renamed = await registrar.post("/staff/partners/rename", data={"partner": "甲学院", "name": "甲大学"})
    gone = await registrar.post("/staff/partners/rename", data={"partner": "无此机构", "name": "乙大学"})

    statuses = [answer.status_code for answer in (added, taken, empty, named, renamed, gone)]
    assert statuses == [303, 409, 400, 303, 303, 400]
    assert office.run("partner", "list", "--json").json == [
        {"name": "甲大学", "aliases": ["甲学院", "甲职业学院"], "trainees": 0}
    ]
    assert "甲大学 甲学院、甲职业学院 0" in text_of(await registrar.get("/staff/partners"))


async def test_a_year_is_previewed_with_what_it_moves_and_then_entered(registrar: Person, office: Office) -> None:
    office.run("cohort", "plan", "C1", "--exam-on", "2026-12-05")
    invented = (DATA / "calendar_2027_invented.json").read_bytes()
    files = {"file": ("notice.json", invented, "application/json")}

    preview = await registrar.post("/staff/calendar/preview", data={"year": "2027"}, files=files)

    assert preview.status_code == 200
    assert re.search(r"C1 2026年12月5日 算不出 2027年1月\d+日 0", text_of(preview))
    assert len(office.run("calendar", "list", "--json").json["years"]) == 7
    form = {"year": "2027", "source": "", "text": invented.decode(), "reason": ""}
    assert (await registrar.post("/staff/calendar", data=form)).status_code == 303
    newest = office.run("calendar", "list", "--json").json["years"][-1]
    assert newest["offWeekdays"] == json.loads(invented)["2027"]["off_weekdays"]


async def test_a_known_year_changes_only_with_a_reason_and_a_slip_is_quoted(registrar: Person, office: Office) -> None:
    form = {"year": "2026", "source": "更正通知", "text": NOTICE_2026.replace("1月4日（周日）上班。", ""), "reason": ""}
    empty_file = {"file": ("", b"", "application/octet-stream")}

    slipped = {**form, "text": NOTICE_2026.replace("1月4日（周日）", "1月4日（周一）")}
    slip = await registrar.post("/staff/calendar/preview", data=slipped, files=empty_file)
    preview = await registrar.post("/staff/calendar/preview", data=form, files=empty_file)
    unsaid = await registrar.post("/staff/calendar", data=form)
    entered = await registrar.post("/staff/calendar", data={**form, "reason": "通知有更正"})

    assert (slip.status_code, "1月4日（周一）" in text_of(slip)) == (400, True)
    assert "2026 年已录入，内容不同" in text_of(preview)
    assert (unsaid.status_code, "请写明原因" in unsaid.text) == (409, True)
    assert entered.status_code == 303
    (year,) = [one for one in office.run("calendar", "list", "--json").json["years"] if one["year"] == 2026]
    assert (year["amendedBecause"], year["workingDays"]) == ("通知有更正", 247)


async def test_other_staff_read_and_are_offered_nothing_they_may_not_do(console: Console, office: Office) -> None:
    office.import_roster(trainees(1), cohort="C1")
    paths = ("/staff/cohorts", "/staff/cohorts/C1", "/staff/cohorts/C1?tab=codes", "/staff/codes", "/staff/deliveries")
    for role in (Role.ISSUER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR):
        reader = await console.sign_in(role)
        for path in paths:
            answer = await reader.get(path)

            assert answer.status_code == 200
            assert FORM.findall(answer.text) == ["/staff/sign-out"]
        assert (await reader.post("/staff/cohorts", data={"code": "C9"})).status_code == 403


async def test_a_class_that_is_not_there_is_not_found(registrar: Person) -> None:
    assert (await registrar.get("/staff/cohorts/NONE")).status_code == 404
    assert (await registrar.post("/staff/cohorts/NONE/plan", data={"exam_on": "2026-03-14"})).status_code == 404
