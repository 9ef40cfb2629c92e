"""A stolen dump names nobody: no name, ID number, phone or redemption code is in it, in any of the usual spellings."""

import base64
from collections.abc import Iterator

import pytest

from tests.databases import dump
from tests.factories import Trainee, photo_archive, sample_people, trainee
from tests.office import Office
from verify_service.database import Connection
from verify_service.embedded.server import EmbeddedServer

NOTE = "本人来信要求撤销"
NEW_NAME = "欧阳新名"


@pytest.fixture
def people(sample: Office) -> list[Trainee]:
    """Everybody in a register where every kind of change was made."""
    revoked, corrected, *_ = sample.list("--cohort", "host")
    by_name = {person.name: person for person in sample_people()["host"]}
    someone = by_name[corrected["name"]]
    sample.run("certificates", "revoke", revoked["number"], "--reason", "holder_request", "--note", "-", stdin=NOTE)
    sample.run(
        "certificates", "correct", corrected["number"], "--name", sample.private(NEW_NAME), "--note", "-", stdin=NOTE
    )
    moved = trainee(0, name=NEW_NAME, sex=someone.sex, id_number=someone.id_number, partner=someone.partner)
    ran = sample.import_roster([moved], cohort="host", kind="online_host", photos=photo_archive([moved]))
    assert (ran.code, ran.counts) == (0, (1, 0))
    return [*sample_people()["operator"], *sample_people()["host"], moved]


def spellings(datum: str) -> Iterator[bytes]:
    """Yield a datum in clear, in base64 at each of the three places it can stand at, and each in hexadecimal."""
    for encoded in (datum.encode(), datum.encode("utf-16-le"), datum.encode("utf-16-be"), datum.encode("gb18030")):
        yield encoded
        # Four bytes turn up by chance in megabytes of sealed photos: so short, only as a column's beginning.
        yield (b"\\\\x" if len(encoded) < 6 else b"") + encoded.hex().encode()
        for shift in range(3):
            # Characters at the edges also depend on their neighbours' bits, and are left out.
            inner = base64.b64encode(bytes(shift) + encoded)[4 if shift else 0 : -4]
            if len(inner) >= 8:
                yield inner
                yield inner.hex().encode()
    yield datum.encode("unicode_escape")


def found_in(dumped: bytes, data: set[str]) -> set[str]:
    return {datum for datum in data if any(spelling in dumped for spelling in spellings(datum))}


def test_a_dump_has_no_name_id_number_phone_or_note(
    server: EmbeddedServer, database_name: str, people: list[Trainee]
) -> None:
    data = {datum for person in people for datum in (person.name, person.id_number, person.phone)} | {NOTE}
    assert len(data) > 200

    dumped = dump(server, database_name)

    assert dumped.count(b"\\\\x01") > 900  # everything sealed begins with its version
    assert found_in(dumped, data) == set()


@pytest.mark.parametrize(
    "expression",
    ["$1", "encode(convert_to($1, 'UTF8'), 'base64')", "encode(convert_to('ab' || $1 || 'cd', 'UTF8'), 'base64')"],
)
async def test_the_same_search_finds_a_name_that_was_stored_in_clear(
    server: EmbeddedServer, database_name: str, migration: Connection, people: list[Trainee], expression: str
) -> None:
    name = people[0].name
    await migration.execute("create table careless (said text, kept bytea)")
    await migration.execute(f"insert into careless (said) values ({expression.replace('$1', '$1::text')})", name)  # noqa: S608  # constants

    assert found_in(dump(server, database_name), {name}) == {name}


async def test_the_same_search_finds_a_name_that_was_stored_as_bytes(
    server: EmbeddedServer, database_name: str, migration: Connection, people: list[Trainee]
) -> None:
    name = people[1].name
    await migration.execute("create table careless (kept bytea)")
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        await migration.execute("truncate careless")
        await migration.execute("insert into careless (kept) values ($1)", name.encode(encoding))

        assert found_in(dump(server, database_name), {name}) == {name}
