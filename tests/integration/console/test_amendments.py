"""What changes people and results that stand: the second person sees each change, and imports what was shown."""

import re
from typing import Final

import msgspec
import pytest

from tests.consoles import Console, Person
from tests.factories import Result, results_csv, roster_csv, trainees
from tests.integration.console.test_clinic import upload
from verify_service.accounts.model import Role
from verify_service.database import Connection

MINE: Final = "本方学院"
OTHERS: Final = "他方学院"
PEOPLE: Final = [msgspec.structs.replace(one, partner=MINE) for one in trainees(3)]
RENAMED: Final = [msgspec.structs.replace(PEOPLE[0], name="林改名"), *PEOPLE[1:]]
CHANGED: Final = "打开页面之后"


class Pair(msgspec.Struct, frozen=True):
    """Two registrars, and a class that is registered."""

    first: Person
    second: Person


@pytest.fixture
async def pair(console: Console) -> Pair:
    found = Pair(await console.sign_in(Role.REGISTRAR), await console.sign_in(Role.REGISTRAR))
    for partner in (MINE, OTHERS):
        await console.sign_in(Role.PARTNER, partner=partner)
    at = await upload(found.first, "/staff/rosters", roster_csv(PEOPLE))
    assert (await found.first.post(f"{at}/import")).status_code == 303
    return found


async def asked_for(pair: Pair, home: str, table: bytes) -> str:
    """Let the first ask for the amendment that a table is, and return its draft's address."""
    at = await upload(pair.first, home, table)
    assert (await pair.first.post(f"{at}/amendment", {"note": "户口本更名"})).status_code == 303
    return at


def shown_by(page: str) -> dict[str, str]:
    """Return what the form that imports carries, beside its token."""
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert found is not None
    return {"shown": found[1]}


def changes_in(page: str) -> dict[str, list[str]]:
    """Return what is said to change, by the number of the row."""
    found: dict[str, list[str]] = {}
    for number, card in re.findall(r'<section class="panel row-card" id="row-(\d+)"(.*?)</section>', page, re.DOTALL):
        found[number] = [re.sub(r"\s+", " ", said) for said in re.findall(r'data-code="CHANGES">([^<]*)<', card)]
    return found


async def names(connection: Connection) -> int:
    return int(await connection.fetchval("select count(*) from audit_event where action = 'person_amended'"))


async def test_each_change_of_a_person_is_shown_with_what_stands(pair: Pair) -> None:
    changed = [msgspec.structs.replace(RENAMED[0], partner=OTHERS), PEOPLE[1]]
    changed.append(msgspec.structs.replace(PEOPLE[2], phone="19499999999"))
    at = await asked_for(pair, "/staff/rosters", roster_csv(changed))

    page = (await pair.second.get(at)).text
    english = (await pair.second.get(at, params={"lang": "en"})).text

    assert changes_in(page) == {
        "1": [f"导入后更改：“{PEOPLE[0].name}” → “林改名”", f"导入后更改：“{MINE}” → “{OTHERS}”"],
        "3": [f"导入后更改：“{PEOPLE[2].phone}” → “19499999999”"],
    }
    assert "导入会更改 2 条已登记的内容" in page
    assert changes_in(english)["1"][0] == f"The import changes this: “{PEOPLE[0].name}” → “林改名”"
    assert "The import changes what is registered in 2 entries" in english
    assert changes_in((await pair.second.get(f"{at}/rows/1")).text)["1"] == changes_in(page)["1"]


async def test_a_result_that_becomes_another_is_shown(pair: Pair, staff_connection: Connection) -> None:
    failed = [Result(one, conclusion="不合格") for one in PEOPLE]
    first = await upload(pair.first, "/staff/results", results_csv(failed))
    assert (await pair.first.post(f"{first}/import")).status_code == 303
    at = await asked_for(pair, "/staff/results", results_csv([Result(PEOPLE[0]), *failed[1:]]))

    page = (await pair.second.get(at)).text
    assert changes_in(page) == {"1": ["导入后更改：“不合格” → “合格”"]}
    english = (await pair.second.get(at, params={"lang": "en"})).text
    assert changes_in(english) == {"1": ["The import changes this: “failed (不合格)” → “passed (合格)”"]}
    assert (await pair.second.post(f"{at}/import")).status_code == 409
    assert (await pair.second.post(f"{at}/import", shown_by(page))).status_code == 303
    assert await staff_connection.fetchval("select count(*) from sitting where conclusion = 'passed'") == 1


async def test_what_was_asked_for_anew_is_not_imported_by_a_page_of_before(
    pair: Pair, staff_connection: Connection
) -> None:
    """Or other facts would enter under the name of a person who never saw them."""
    at = await asked_for(pair, "/staff/rosters", roster_csv(RENAMED))
    stale = shown_by((await pair.second.get(at)).text)
    await pair.first.post(f"{at}/rows/1", {"name": "林再改"})
    await pair.first.post(f"{at}/amendment", {"note": "户口本更名"})

    refused = await pair.second.post(f"{at}/import", stale)

    assert (refused.status_code, CHANGED in refused.text) == (409, True)
    assert changes_in(refused.text) == {"1": [f"导入后更改：“{PEOPLE[0].name}” → “林再改”"]}
    assert await names(staff_connection) == 0
    assert (await pair.second.post(f"{at}/import", shown_by(refused.text))).status_code == 303
    assert await names(staff_connection) == 1


@pytest.mark.parametrize("note", ["另一个理由", ""])
async def test_neither_another_reason_nor_one_taken_back_is_imported_unseen(pair: Pair, note: str) -> None:
    at = await asked_for(pair, "/staff/rosters", roster_csv(RENAMED))
    stale = shown_by((await pair.second.get(at)).text)
    await pair.first.post(f"{at}/amendment", {"note": note})

    refused = await pair.second.post(f"{at}/import", stale)

    assert (refused.status_code, CHANGED in refused.text) == (409, True)


async def test_a_register_that_moved_on_is_shown_anew(pair: Pair) -> None:
    at = await asked_for(pair, "/staff/rosters", roster_csv(RENAMED))
    stale = shown_by((await pair.second.get(at)).text)
    between = [msgspec.structs.replace(PEOPLE[0], phone="19499999999")]
    other = await upload(pair.second, "/staff/rosters", roster_csv(between))
    assert (await pair.second.post(f"{other}/import")).status_code == 303

    refused = await pair.second.post(f"{at}/import", stale)

    assert (refused.status_code, CHANGED in refused.text) == (409, True)


async def test_a_partner_is_not_told_what_stands(console: Console, pair: Pair) -> None:
    """A partner reads its own draft while staff have it; what others enrolled is not its to know."""
    partner = await console.sign_in(Role.PARTNER, partner=OTHERS)
    theirs = [msgspec.structs.replace(RENAMED[0], partner=OTHERS)]
    at = await upload(partner, "/partner/rosters", roster_csv(theirs))
    assert (await partner.post(f"{at}/hand-in")).status_code == 303
    with_staff = at.replace("/partner/", "/staff/")
    await pair.first.post(f"{with_staff}/amendment", {"note": "户口本更名"})

    page = (await partner.get(at, params={"show": "all"})).text

    assert changes_in((await pair.second.get(with_staff)).text)["1"]
    assert (await partner.get(f"{at}/rows/1")).status_code == 200
    for told in (page, (await partner.get(f"{at}/rows/1")).text):
        assert "CHANGES" not in told
        assert PEOPLE[0].name not in told
        assert 'name="shown"' not in told
