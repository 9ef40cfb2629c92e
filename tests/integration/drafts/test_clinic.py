"""A bad roster becomes a right one in the clinic, and only then enters the register."""

import io
from collections.abc import Callable
from typing import Any, BinaryIO, Final
from uuid import uuid4

import asyncpg
import msgspec
import openpyxl
import pytest

from tests.factories import Result, photo_archive, results_csv, trainee, trainees
from tests.integration.drafts.conftest import MINE, OTHERS, Partners, codes, lent_file, upload
from verify_service.audit.model import Actor
from verify_service.database import Connection
from verify_service.drafts.model import Content, DraftState, FixKind
from verify_service.drafts.rules.binding import AmendmentChangedError, digest_of
from verify_service.drafts.service import correcting, deciding
from verify_service.drafts.service.clinic import Clinic, open_draft
from verify_service.drafts.service.correcting import FixesAsked
from verify_service.drafts.service.examining import examine
from verify_service.drafts.service.importing import import_draft
from verify_service.drafts.service.receiving import Upload, receive
from verify_service.drafts.service.workbooks import draw_workbook
from verify_service.errors import ConflictError, NotFoundError
from verify_service.tables.service import read_tables

PEOPLE: Final = [msgspec.structs.replace(one, partner=MINE) for one in trainees(4)]
BAD: Final = [
    msgspec.structs.replace(PEOPLE[0], name=PEOPLE[0].name[0] + " " + PEOPLE[0].name[1:]),
    msgspec.structs.replace(PEOPLE[1], sex=""),
    msgspec.structs.replace(PEOPLE[2], phone="12345"),
    PEOPLE[3],
    PEOPLE[3],
]


async def test_a_bad_roster_is_put_right_and_enters_the_register_whole(staff: Clinic, console: Connection) -> None:
    async with console.transaction():
        draft_id = await upload(staff, BAD, photos=PEOPLE[:3])
    found = await examine(staff, await open_draft(staff, draft_id))
    assert codes(found) == {2: ["EMPTY"], 3: ["LENGTH"], 5: ["DUPLICATE"]}
    assert codes(found, "warnings")[1] == ["SPACE"]
    assert found.matched.summary is not None
    assert found.matched.summary.missing == (4, 5)
    refused = await import_draft(staff, draft_id)
    assert (refused.is_refused, await console.fetchval("select count(*) from subject")) == (True, 0)

    async with console.transaction():
        assert await correcting.accept_fixes(staff, draft_id, FixesAsked()) == 2  # the blank, and the sex
        still = await correcting.fill_in(staff, draft_id, 3, {"phone": "1234"})
        assert codes(still) == {3: ["LENGTH"], 5: ["DUPLICATE"]}
        await correcting.fill_in(staff, draft_id, 3, {"phone": PEOPLE[2].phone})
        assert await correcting.accept_fixes(staff, draft_id, FixesAsked(code="DUPLICATE")) == 1
        done = await import_draft(staff, draft_id)

    assert (done.imported, done.unchanged) == (4, 0)
    assert await console.fetchval("select count(*) from photo") == 3
    with pytest.raises(NotFoundError):
        await open_draft(staff, draft_id)
    (listed,) = await deciding.list_drafts(staff)
    assert (listed.state, listed.row_count, listed.rejected_count) == (DraftState.IMPORTED, 4, 0)
    left = "select num_nonnulls(kek_id, wrapped, sealed_source, sealed_changes) from draft"
    assert await console.fetchval(left) == 0
    assert await console.fetchval("select count(*) from draft_photo") == 0
    assert await console.fetchval("select count(*) from draft_file") == 0


async def test_a_photo_named_wrongly_is_suggested_and_given(staff: Clinic, console: Connection) -> None:
    misnamed = msgspec.structs.replace(PEOPLE[0], id_number=PEOPLE[0].id_number[:-1] + "9")
    async with console.transaction():
        draft_id = await upload(staff, PEOPLE[:2], photos=[misnamed, PEOPLE[1]])
        opened = await open_draft(staff, draft_id, locked=True)
        fixes = await correcting.find_fixes(staff, opened, await examine(staff, opened))
        (fix,) = fixes[1]
        assert (fix.kind, fix.code, fix.is_safe) == (FixKind.ASSIGN, "NEAR_NUMBER", False)
        assert await correcting.accept_fixes(staff, draft_id, FixesAsked()) == 0

        given = await correcting.assign_photo(staff, draft_id, 1, fix.entry)
        assert given.matched.by_row == {1: 0, 2: 1}
        swapped = await correcting.assign_photo(staff, draft_id, 1, 1)
        assert swapped.matched.by_row == {1: 1}
        back = await correcting.assign_photo(staff, draft_id, 1, None)
        assert back.matched.by_row == {2: 1}
        with pytest.raises(NotFoundError):
            await correcting.assign_photo(staff, draft_id, 1, 99)


async def test_a_removed_row_comes_back(staff: Clinic, console: Connection) -> None:
    async with console.transaction():
        draft_id = await upload(staff, BAD)
        without = await correcting.remove_row(staff, draft_id, 3)
        assert without.current.numbers == (1, 2, 4, 5)
        assert codes(without) == {2: ["EMPTY"], 5: ["DUPLICATE"]}
        again = await correcting.restore_row(staff, draft_id, 3)
        with pytest.raises(NotFoundError):
            await correcting.remove_row(staff, draft_id, 6)
    assert codes(again)[3] == ["LENGTH"]


async def test_the_workbook_holds_what_was_corrected_and_marks_what_was_not(staff: Clinic, console: Connection) -> None:
    async with console.transaction():
        draft_id = await upload(staff, BAD)
        await correcting.fill_in(staff, draft_id, 3, {"phone": PEOPLE[2].phone, "documentType": "居民身份证"})
        await correcting.remove_row(staff, draft_id, 5)
        workbook = await draw_workbook(staff, draft_id)

    assert workbook.file_name == "C1-roster.xlsx"
    findings, table = openpyxl.load_workbook(io.BytesIO(workbook.data)).worksheets
    assert table["D4"].value == PEOPLE[2].phone
    assert [table.cell(6, column).value for column in range(1, 7)] == [None] * 6
    said = " ".join(str(cell.value) for row in findings.iter_rows() for cell in row)
    assert "性别" in said or "必填项为空" in said
    assert "原表中没有对应的列" in said
    with lent_file(workbook.data) as again:
        assert len(read_tables(again, workbook.file_name)) == 2


async def test_results_are_put_right_and_recorded(staff: Clinic, console: Connection) -> None:
    async with console.transaction():
        roster = await upload(staff, PEOPLE)
        assert (await import_draft(staff, roster)).imported == 4
        bad = [Result(PEOPLE[0], conclusion="过"), Result(trainee(9)), *map(Result, PEOPLE[1:])]
        results = msgspec.structs.replace(staff, content=Content.RESULTS)
        with lent_file(results_csv(bad)) as file:
            draft_id = await receive(results, results_upload(file))
        found = await examine(results, await open_draft(results, draft_id))
        assert codes(found) == {1: ["PATTERN"], 2: ["NOT_ENROLLED"]}
        await correcting.fill_in(results, draft_id, 1, {"conclusion": "合格"})
        await correcting.remove_row(results, draft_id, 2)
        assert (await import_draft(results, draft_id)).imported == 4

    assert await console.fetchval("select count(*) from sitting") == 4


async def test_what_changes_people_that_stand_needs_somebody_else(staff: Clinic, console: Connection) -> None:
    renamed = [msgspec.structs.replace(PEOPLE[0], name="林改名"), *PEOPLE[1:]]
    async with console.transaction():
        assert (await import_draft(staff, await upload(staff, PEOPLE))).imported == 4
        draft_id = await upload(staff, renamed)
        found = await examine(staff, await open_draft(staff, draft_id))
        assert codes(found) == {1: ["ID_NAME_CONFLICT"]}
        await deciding.ask_amendment(staff, draft_id, "户口本更名")
        assert codes(await examine(staff, await open_draft(staff, draft_id))) == {}
        with pytest.raises(ConflictError) as refused:
            await import_draft(staff, draft_id)
        assert refused.value.code == "SECOND_PERSON"

        other = msgspec.structs.replace(staff, actor=Actor("registrar-2"))
        with pytest.raises(AmendmentChangedError):
            await import_draft(other, draft_id)
        opened = await open_draft(other, draft_id)
        seen = await examine(other, opened)
        shown = digest_of(opened.draft, opened.changes, opened.amendment, seen.differences)
        assert (await import_draft(other, draft_id, shown)).imported == 1

    given = "select given_by, actor, second_actor from approval where action = 'amend_person'"
    approval = await console.fetchrow(given)
    assert approval is not None
    assert tuple(approval) == ("two_people", "registrar-1", "registrar-2")


async def test_what_is_changed_after_it_was_asked_for_has_to_be_asked_for_anew(
    staff: Clinic, console: Connection
) -> None:
    """Or the second person could import other facts in the name of the first."""
    async with staff.connection.transaction():
        draft_id = await upload(staff, BAD[:2])
        await deciding.ask_amendment(staff, draft_id, "户口本更名")
        await correcting.remove_row(staff, draft_id, 1)

        assert (await open_draft(staff, draft_id)).amendment is None
    events = [row["action"] for row in await console.fetch("select action from audit_event order by audit_event_id")]
    assert events[-2:] == ["draft_changed", "draft_amendment_withdrawn"]


async def test_a_partner_hands_in_and_gets_back(staff: Clinic, portal: Callable[..., Any]) -> None:
    async with portal() as mine:
        draft_id = await upload(mine, BAD[:2])
        with pytest.raises(ConflictError):
            await deciding.hand_in(mine, draft_id)
        await correcting.accept_fixes(mine, draft_id, FixesAsked())
        assert codes(await examine(mine, await open_draft(mine, draft_id))) == {}
    with pytest.raises(NotFoundError):
        await open_draft(staff, draft_id)  # not before it is handed in
    async with portal() as mine:
        await deciding.hand_in(mine, draft_id)
        with pytest.raises(ConflictError):
            await correcting.remove_row(mine, draft_id, 1)

    async with staff.connection.transaction():
        assert [draft.draft_id for draft in await deciding.list_drafts(staff)] == [draft_id]
        await deciding.return_draft(staff, draft_id, "请补交照片")
    async with portal() as mine:
        assert (await open_draft(mine, draft_id)).note == "请补交照片"
        await deciding.hand_in(mine, draft_id)
    async with staff.connection.transaction():
        assert (await import_draft(staff, draft_id)).imported == 2


async def test_another_partners_draft_is_a_missing_one(portal: Callable[..., Any], partners: Partners) -> None:
    async with portal() as mine:
        draft_id = await upload(mine, PEOPLE)
    async with portal(partners.others) as others:
        assert await deciding.list_drafts(others) == []
        # The first wall gone, the second stands.
        assert await others.connection.fetchval("select count(*) from draft") == 0
        assert await others.connection.fetchval("select count(*) from draft_file") == 0
        for missing in (draft_id, uuid4()):
            with pytest.raises(NotFoundError) as refused:
                await open_draft(others, missing)
            assert (refused.value.code, refused.value.message) == ("UNKNOWN_DRAFT", "there is no such draft")
    async with portal() as mine:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await mine.connection.execute("update draft set state = 'imported'")


async def test_a_partner_learns_nothing_of_whom_others_enrolled(staff: Clinic, portal: Callable[..., Any]) -> None:
    theirs = [msgspec.structs.replace(one, partner=OTHERS) for one in trainees(2, first=50)]
    async with staff.connection.transaction():
        assert (await import_draft(staff, await upload(staff, theirs))).imported == 2
        assert (await import_draft(staff, await upload(staff, PEOPLE, cohort="C2"))).imported == 4
    stranger = msgspec.structs.replace(theirs[0], partner=MINE, name="林别名", phone="19499999999")
    nobody = msgspec.structs.replace(trainee(90), partner=MINE)
    own = msgspec.structs.replace(PEOPLE[0], name="林别名")
    rows = [stranger, nobody, own, PEOPLE[1], theirs[1], msgspec.structs.replace(trainee(91), partner="无此学院")]
    async with portal() as mine:
        draft_id = await upload(mine, rows)
        found = await examine(mine, await open_draft(mine, draft_id))
        opened = await open_draft(mine, draft_id)
        fixes = await correcting.find_fixes(mine, opened, found)

    assert codes(found) == {3: ["ID_NAME_CONFLICT"], 5: ["FOREIGN_PARTNER"], 6: ["FOREIGN_PARTNER"]}
    assert codes(found, "warnings") == {3: ["ALREADY_ENROLLED"], 4: ["ALREADY_ENROLLED"]}
    assert {number: [fix.text for fix in of_row] for number, of_row in fixes.items()} == {5: [MINE], 6: [MINE]}
    seen_by_staff = await examine_as_staff(staff, portal, [stranger, nobody])
    assert seen_by_staff == {1: ["ID_NAME_CONFLICT", "PARTNER_CHANGED"]}


async def examine_as_staff(staff: Clinic, portal: Callable[..., Any], rows: list[Any]) -> dict[int, list[str]]:
    async with portal() as mine:
        draft_id = await upload(mine, rows)
        await deciding.hand_in(mine, draft_id)
    return codes(await examine(staff, await open_draft(staff, draft_id)))


async def test_an_upload_makes_no_partner(staff: Clinic, console: Connection) -> None:
    async with console.transaction():
        draft_id = await upload(staff, [msgspec.structs.replace(trainee(1), partner="本方学园")])
        opened = await open_draft(staff, draft_id)
        found = await examine(staff, opened)
        fixes = await correcting.find_fixes(staff, opened, found)
        refused = await import_draft(staff, draft_id)

    assert codes(found) == {1: ["UNKNOWN_PARTNER"]}
    assert [fix.text for fix in fixes[1]][:1] == [MINE]
    assert refused.is_refused
    assert await console.fetchval("select count(*) from partner") == 2


async def test_nothing_of_a_draft_stands_in_the_clear(staff: Clinic, console: Connection) -> None:
    async with console.transaction():
        draft_id = await upload(staff, PEOPLE, photos=PEOPLE)
        await correcting.fill_in(staff, draft_id, 1, {"name": "林另写"})
        await deciding.discard(staff, await upload(staff, PEOPLE))
    rows = "".join(
        [
            str(await console.fetchval("select array_agg(draft::text)::text from draft")),
            str(await console.fetchval("select array_agg(draft_file::text)::text from draft_file")),
            str(await console.fetchval("select array_agg(draft_photo::text)::text from draft_photo")),
            str(await console.fetchval("select array_agg(audit_event::text)::text from audit_event")),
        ]
    )
    for person in PEOPLE:
        for datum in (person.name, person.id_number, person.phone):
            assert datum not in rows
            assert datum.encode().hex() not in rows
    assert "林另写" not in rows
    assert photo_archive(PEOPLE)[:200].hex() not in rows


def results_upload(file: BinaryIO) -> Upload:
    return Upload(cohort_code="C1", file=file, file_name="results.csv")
