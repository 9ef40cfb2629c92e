"""Deliveries over HTTP: packed from a scanned list, sent, received, returned, each refusal with its form."""

import html
import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.consoles import Console, Person
from tests.databases import lent_database
from verify_service.accounts.model import Role
from verify_service.clock import today_in_shanghai
from verify_service.database import Connection
from verify_service.documents.model import Edition
from verify_service.documents.queries import add_checks
from verify_service.embedded.server import EmbeddedServer

SELECT_HOSTS = """
select credential_id, certificate_number, enrolment.partner_id
  from credential
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  join cohort on cohort.cohort_id = enrolment.cohort_id
 where cohort.code = 'host'
 order by certificate_number
"""


@pytest.fixture
def database_name(server: EmbeddedServer, sample_template: str) -> Iterator[str]:
    """A register with certificates."""
    with lent_database(server, sample_template) as name:
        yield name


@pytest.fixture
async def registrar(console: Console) -> Person:
    return await console.sign_in(Role.REGISTRAR)


@pytest.fixture
async def numbers(staff_connection: Connection) -> list[str]:
    """The certificates of the class of hosts, all but the last printed."""
    rows = await staff_connection.fetch(SELECT_HOSTS)
    await add_checks(staff_connection, Edition.FULL, [(row["credential_id"], bytes(32), None) for row in rows[:-1]])
    return [row["certificate_number"] for row in rows]


@pytest.fixture
async def partner(staff_connection: Connection) -> str:
    return str((await staff_connection.fetch(SELECT_HOSTS))[0]["partner_id"])


def text_of(answer: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.text)).split())


async def pack(registrar: Person, partner: str, text: str) -> str:
    """Pack certificates and return the address of their parcel."""
    answer = await registrar.post("/staff/deliveries", data={"partner": partner, "cohort": "host", "numbers": text})
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"].partition("?")[0]


async def test_a_parcel_is_packed_from_a_scanned_list_and_goes_its_way(
    registrar: Person, partner: str, numbers: list[str]
) -> None:
    today = today_in_shanghai().isoformat()
    address = await pack(registrar, partner, "\r\n".join(numbers[:3]))
    sent = {"sent_on": today, "courier": "顺丰速运", "courier_number": "sf1234567"}

    answers = [
        await registrar.post(f"{address}/take-out", data={"numbers": numbers[0]}),
        await registrar.post(f"{address}/add", data={"numbers": numbers[3]}),
        await registrar.post(f"{address}/send", data=sent),
        await registrar.post(f"{address}/receive", data={"received_on": today, "received_by": "office"}),
        await registrar.post(f"{address}/return", data={"numbers": numbers[1:3], "reason": "damaged"}),
    ]

    assert [answer.status_code for answer in answers] == [303] * 5
    page = text_of(await registrar.get(address))
    for said in ("已签收", "SF1234567", "教务办公室", "退回 2", "破损", "取出"):
        assert said in page
    of_class = text_of(await registrar.get("/staff/cohorts/host?tab=deliveries"))
    assert re.search(r"寄送单 \d+ .* 3 已签收", of_class)


async def test_a_list_with_one_wrong_number_packs_nothing_and_comes_back_with_the_reason(
    registrar: Person, partner: str, numbers: list[str]
) -> None:
    typed = f"{numbers[0]} {numbers[-1]} QMT123"

    answer = await registrar.post("/staff/deliveries", data={"partner": partner, "cohort": "host", "numbers": typed})

    assert answer.status_code == 409
    assert f"{numbers[-1]} 还没有通过打印检查的文件" in text_of(answer)
    assert "QMT123 编号不对" in text_of(answer)
    assert f">{typed}</textarea>" in answer.text
    assert "还没有寄送单" in text_of(answer)


async def test_everything_printed_of_a_class_is_packed_by_one_button(
    registrar: Person, partner: str, numbers: list[str]
) -> None:
    assert f"全部装箱（{len(numbers) - 1}）" in text_of(await registrar.get("/staff/deliveries"))

    form = {"partner": partner, "cohort": "host", "everything": "yes"}
    packed = await registrar.post("/staff/deliveries", data=form)
    again = await registrar.post("/staff/deliveries", data=form)

    assert [packed.status_code, again.status_code] == [303, 400]
    page = text_of(await registrar.get(packed.headers["location"]))
    assert f"{len(numbers) - 1} 份" in page
    assert "迪丽拜尔·吐尔逊" in page


async def test_a_step_that_cannot_be_taken_says_why_and_changes_nothing(
    registrar: Person, partner: str, numbers: list[str]
) -> None:
    address = await pack(registrar, partner, numbers[0])
    for step, form, status, says in (
        ("send", {"sent_on": "2020-01-01", "courier": "顺丰速运"}, 400, "寄出日期应在"),
        ("send", {"sent_on": "", "courier": "顺丰速运"}, 400, "寄出日期应在"),
        ("receive", {"received_on": "2026-01-01", "received_by": "office"}, 409, "刚有变化"),
        ("return", {"numbers": "QMT1", "reason": "lost"}, 409, "刚有变化"),
        ("return", {"numbers": "QMT1", "reason": "stolen"}, 400, "请选择退回原因"),
        ("take-out", {}, 400, "没有可以装箱的证书"),
        ("take-out", {"numbers": "QMT1"}, 400, "请先勾选"),
        ("add", {"numbers": "QMT1"}, 409, "编号不对"),
    ):
        answer = await registrar.post(f"{address}/{step}", data=form)

        assert (answer.status_code, says in text_of(answer)) == (status, True), step
    assert "1 份" in text_of(await registrar.get(address))
    assert (await registrar.post(f"{address}/cancel")).status_code == 303


async def test_a_parcel_that_is_not_there_is_not_found_whatever_is_asked(registrar: Person) -> None:
    address = f"/staff/deliveries/{uuid4()}"

    assert (await registrar.get(address)).status_code == 404
    assert (await registrar.post(f"{address}/cancel")).status_code == 404


async def test_only_the_registrar_moves_parcels(
    console: Console, registrar: Person, partner: str, numbers: list[str]
) -> None:
    address = await pack(registrar, partner, numbers[0])
    auditor = await console.sign_in(Role.AUDITOR)

    page = await auditor.get(address)

    assert page.status_code == 200
    assert f'action="{address}/send"' not in page.text
    assert (await auditor.post(f"{address}/cancel")).status_code == 403
