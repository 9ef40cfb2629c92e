"""Every partner route x another partner's object: the answer is that of an object that is not there, byte for byte.

The routes are those of the table of access: a new one joins by standing in it, and fails until it has objects here.
"""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

import httpx
import msgspec

from tests.consoles import Console, Person
from tests.factories import OPERATOR, photo_archive, roster_csv, trainees
from tests.registers import PARTNERS, SHARED
from verify_service.accounts.model import Role
from verify_service.accounts.queries import factors
from verify_service.consoles.access import ACCESS
from verify_service.database import Connection, new_row_id

PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
WITH_OBJECT: Final = sorted(
    operation
    for operation, access in ACCESS.items()
    if "/partner/" in operation and "{" in operation and Role.PARTNER in access.roles
)
MISSING: Final = 404
OF_PARTNER: Final = """
select certificate_number, enrolment_id, code
  from credential
  join exam_entry using (exam_entry_id)
  join enrolment using (enrolment_id)
  join cohort using (cohort_id)
  join subject_key on subject_key.subject_id = credential.subject_id
 where enrolment.partner_id = $1 and code like 'own-%'
 order by certificate_number
 limit 1
"""


class Party(msgspec.Struct, frozen=True):
    """A partner's user, and one object of each sort that is the partner's."""

    person: Person
    objects: Mapping[str, str]


async def party(console: Console, migration: Connection, partner: str) -> Party:
    person = await console.sign_in(Role.PARTNER, partner=partner)
    assert person.account is not None
    row = await migration.fetchrow(OF_PARTNER, person.account.partner_id)
    assert row is not None
    download = str(uuid4())
    archive = await person.get(f"/partner/cohorts/{SHARED}/certificates.zip?download={download}")
    assert archive.status_code == 200
    assert (await person.post(f"/partner/cohorts/{row['code']}/codes")).status_code == 303
    session = await migration.fetchval(
        "select session_id from account_session where account_id = $1", person.account.account_id
    )
    passkey = uuid4().bytes
    await factors.add_passkey(
        migration, passkey_id=passkey, account_id=person.account.account_id, public_key=b"", sign_count=0, label=""
    )
    return Party(
        person,
        {
            "code": row["code"],
            "number": row["certificate_number"],
            "enrolment_id": str(row["enrolment_id"]),
            "download": download,
            "session": str(session),
            "passkey": passkey.hex(),
            "delivery": str(await pack(migration, person.account.partner_id)),
            "draft": await upload(person),
        },
    )


async def pack(migration: Connection, partner_id: UUID | None) -> UUID:
    """Pack a parcel for a partner, and return its id."""
    delivery_id = new_row_id()
    adding = "insert into delivery (delivery_id, partner_id, created_by) values ($1, $2, 'registrar-1')"
    await migration.execute(adding, delivery_id, partner_id)
    return delivery_id


async def upload(person: Person) -> str:
    """Upload a roster of one person with a photo, and return the id of its draft."""
    people = trainees(1)
    files = {
        "file": ("名单.csv", roster_csv(people), "text/csv"),
        "photos": ("photos.zip", photo_archive(people), "application/zip"),
    }
    answer = await person.post("/partner/rosters", {"cohort": "next", "kind": OPERATOR}, files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0].rpartition("/")[2]


NOBODYS: Final = {
    "code": "own-7",
    "number": "QMT2026999999A",
    "enrolment_id": str(UUID(int=7)),
    "download": str(UUID(int=7)),
    "session": str(UUID(int=7)),
    "passkey": UUID(int=7).hex,
    "delivery": str(UUID(int=7)),
    "draft": str(UUID(int=7)),
}
PLACES: Final = {"/rows/{number}": "/rows/1", "/photos/{entry}": "/photos/0"}
"""Parts of an object, which has them: whose they are tells the object."""


async def ask(person: Person, operation: str, objects: Mapping[str, str]) -> httpx.Response:
    method, _, template = operation.partition(" ")
    for part, place in PLACES.items():
        template = template.replace(part, place)
    path = PLACEHOLDER.sub(lambda found: objects[found[1]], template)
    return await (person.get(path) if method == "GET" else person.post(path))


def said(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return everything an answer says."""
    return answer.status_code, sorted(answer.headers.items()), answer.content


def test_every_sort_of_object_has_one_of_each_partner_and_one_of_nobody() -> None:
    sorts = {name for operation in WITH_OBJECT for name in PLACEHOLDER.findall(operation)} - {"entry"}

    assert sorts <= NOBODYS.keys(), "a route names objects that this test does not have: add one of each partner"
    assert len(WITH_OBJECT) >= 10


async def test_another_partners_object_is_answered_as_a_missing_one(console: Console, migration: Connection) -> None:
    mine, theirs = [await party(console, migration, partner) for partner in PARTNERS]
    for operation in WITH_OBJECT:
        foreign = await ask(mine.person, operation, theirs.objects)
        missing = await ask(mine.person, operation, NOBODYS)

        # Ending a session that is not one's own is answered like any other end of it, and ends nothing.
        assert foreign.status_code == MISSING or "/account/" in operation, operation
        assert said(foreign) == said(missing), operation


async def test_ones_own_object_is_there(console: Console, migration: Connection) -> None:
    """Or every route could answer 404 to everything."""
    mine = await party(console, migration, PARTNERS[0])
    for operation in WITH_OBJECT:
        if "/account/" in operation:  # they would end this session
            continue
        # What is done to a draft may end it.
        changed = {"draft": await upload(mine.person)} if operation.startswith("POST /partner/rosters/") else {}
        answer = await ask(mine.person, operation, {**mine.objects, **changed})
        assert answer.status_code < 500, operation
        assert answer.status_code != MISSING, operation
