"""Invented trainees, and the files a partner or an examiner would hand in for them.

ID numbers bear province codes with sequences that are never issued, phones an unallocated prefix: nobody exists.
"""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from PIL import Image

from verify_service.audit.model import Actor
from verify_service.cohorts.service import open_cohort
from verify_service.database import Connection
from verify_service.enrolments import model as enrolment
from verify_service.enrolments.service import Desk, Enrolling, enrol_all
from verify_service.exams import queries as exams
from verify_service.exams.model import Conclusion, Sitting, SittingKind
from verify_service.partners import service as partners
from verify_service.sealing.model import Secrets
from verify_service.subjects.model import DocumentType, Person, Sex
from verify_service.subjects.rules.id_numbers import check_character

DATA: Final = Path(__file__).parent / "data"
OPERATOR: Final = "omnimedia_operator"
HOST: Final = "online_host"
PARTNER: Final = "测试学院"
EXAM_ON: Final = datetime.date(2026, 3, 14)

ROSTER_HEADINGS: Final = ("姓名", "性别", "身份证号", "手机号", "合作机构名称", "加考网络视听主播")
RESULTS_HEADINGS: Final = ("姓名", "身份证号", "证书类别", "考试日期", "考次", "结论")
TITLES: Final = {OPERATOR: "全媒体运营师", HOST: "网络视听主播"}


class Trainee(msgspec.Struct, frozen=True):
    """One row of a roster."""

    name: str
    sex: str
    id_number: str
    phone: str
    partner: str = PARTNER
    also_host: bool = False


class Result(msgspec.Struct, frozen=True):
    """One row of a results file."""

    trainee: Trainee
    conclusion: str = "合格"
    sitting: str = "首考"
    held_on: str = "2026-03-14"
    kind: str = OPERATOR


@cache
def sample_people() -> Mapping[str, tuple[Trainee, ...]]:
    """Return the people of the sample rosters: `operator`, 56 of them, and `host`, 17."""
    text = (DATA / "people.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, tuple[Trainee, ...]])


def trainee(serial: int = 0, **changes: object) -> Trainee:
    """Return the trainee of a serial number from 0, each with another ID number and phone; even ones are women."""
    first_seventeen = f"11{serial // 40:04d}19900101{960 + serial % 40}"
    made = Trainee(
        name="林" + chr(ord("一") + serial % 1000) + ("芳", "强")[serial % 2],
        sex=("女", "男")[serial % 2],
        id_number=first_seventeen + check_character(first_seventeen),
        phone=f"194{11_111_111 + serial}",
    )
    return msgspec.structs.replace(made, **changes)


def trainees(count: int, first: int = 0) -> list[Trainee]:
    """Return `count` trainees from the serial number `first` on."""
    return [trainee(serial) for serial in range(first, first + count)]


@cache
def photo(shade: int = 200) -> bytes:
    """Return a portrait as JPEG, another one for each shade, dark above and light below."""
    picture = io.BytesIO()
    ramp = Image.linear_gradient("L").resize((410, 574))
    Image.merge("RGB", (ramp, ramp, Image.new("L", ramp.size, shade))).save(picture, "JPEG", quality=90)
    return picture.getvalue()


def photo_archive(people: Iterable[Trainee], shade: int = 200) -> bytes:
    """Return a ZIP with a photo of each, named as the rule for partners says."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for person in people:
            written.writestr(f"{person.name}+{person.id_number}.jpg", photo(shade))
    return archive.getvalue()


def roster_csv(people: Iterable[Trainee]) -> bytes:
    """Return a roster as CSV in UTF-8."""
    rows = [(p.name, p.sex, p.id_number, p.phone, p.partner, "是" if p.also_host else "否") for p in people]
    return _csv(ROSTER_HEADINGS, rows)


def results_csv(results: Iterable[Result]) -> bytes:
    """Return a results file as CSV in UTF-8."""
    rows = [(r.trainee.name, r.trainee.id_number, TITLES[r.kind], r.held_on, r.sitting, r.conclusion) for r in results]
    return _csv(RESULTS_HEADINGS, rows)


def person_of(of: Trainee) -> Person:
    """Return a trainee as the register holds people."""
    return Person(
        name=of.name,
        sex=Sex(of.sex),
        id_number=of.id_number,
        document_type=DocumentType.RESIDENT,
        phone=of.phone,
    )


async def enrol_passed(
    connection: Connection,
    secrets: Secrets,
    cohort_code: str,
    people: Iterable[Trainee],
    *,
    held_on: datetime.date = EXAM_ON,
) -> UUID:
    """Enrol people with photos straight into the register, all of whom passed, and return their cohort's id."""
    actor = Actor("tester")
    async with connection.transaction():
        cohort_id = await open_cohort(connection, actor, cohort_code)
        partner_id = await partners.add_partner(connection, actor, f"{PARTNER} {cohort_code}")
        desk = Desk(connection, secrets, actor, cohort_id)
        enrolled = [enrolment.Trainee(person_of(one), partner_id, (OPERATOR,), photo()) for one in people]
        await enrol_all(desk, [Enrolling(one) for one in enrolled])
        passed = Sitting(kind=SittingKind.FIRST, held_on=held_on, conclusion=Conclusion.PASSED)
        for entry in await exams.list_cohort_entries(connection, cohort_id):
            await exams.add_sitting(connection, entry.exam_entry_id, passed)
    return cohort_id


def _csv(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode("utf-8")
