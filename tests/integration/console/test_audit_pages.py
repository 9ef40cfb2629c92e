"""The auditor's pages: every event in words, page by page, and whether the trail as a whole is true."""

import json
import re
from pathlib import Path

from signing import Signer
from tests.consoles import Console
from tests.integration.trail.trails import EDIT, forge, seal, write_events
from verify_service.accounts.model import Role
from verify_service.database import Connection
from verify_service.settings import Settings
from verify_service.trail.service.keeping import head_folder

NUMBERS = re.compile(r'href="/staff/audit/([0-9]+)"')


async def test_pages_follow_each_other_without_a_gap_while_events_are_added(
    console: Console, operator: Connection
) -> None:
    await write_events(operator, 120)
    auditor = await console.sign_in(Role.AUDITOR)
    seen, address = list[int](), "/staff/audit"
    while address:
        page = (await auditor.get(address)).text
        seen += [int(number) for number in NUMBERS.findall(page)]
        later = re.search(r'<a href="([^"]+)" rel="next"', page)
        address = later[1].replace("&amp;", "&") if later else ""
        await write_events(operator, 130)

    assert seen == list(range(seen[0], 0, -1))
    assert seen[0] >= 120


async def test_a_filter_shows_what_fits(console: Console) -> None:
    auditor = await console.sign_in(Role.AUDITOR)
    for asked in ("action=key_made", "actor=tests&from=2020-01-01&until=2999-12-31", "object=2026-c1", "from=never"):
        assert NUMBERS.findall((await auditor.get(f"/staff/audit?{asked}")).text), asked
    for asked in ("actor=nobody", "until=2020-01-01", "from=2999-01-01", "before=1"):
        assert not NUMBERS.findall((await auditor.get(f"/staff/audit?{asked}")).text), asked


async def test_one_event_says_when_who_from_where_and_what(console: Console) -> None:
    auditor = await console.sign_in(Role.AUDITOR)
    await auditor.post("/staff/audit/check")
    (number, *_) = NUMBERS.findall((await auditor.get("/staff/audit?action=trail_checked")).text)

    for language in ("", "?lang=en"):
        page = (await auditor.get(f"/staff/audit/{number}{language}")).text
        for told in ("192.0.2.0/24", auditor.account.name, "trail_checked"):
            assert told in page


async def test_an_event_that_is_not_there_is_not_found(console: Console) -> None:
    auditor = await console.sign_in(Role.AUDITOR)
    for number in ("0", "999999", "x", "1e3", "-1"):
        assert (await auditor.get(f"/staff/audit/{number}")).status_code == 404


async def test_the_whole_trail_is_checked_on_demand_and_the_finding_stays_on_the_pages(
    console: Console, operator: Connection, superuser: Connection, console_settings: Settings, audit_signer: Signer
) -> None:
    await write_events(operator, 30)
    await seal(console_settings, audit_signer, head_folder(console_settings))
    auditor = await console.sign_in(Role.AUDITOR)

    whole = await auditor.post("/staff/audit/check")
    assert whole.headers["location"] == "/staff/audit?notice=whole"
    page = (await auditor.get(whole.headers["location"])).text
    assert "完整。" in page
    assert "127.0.0.1:8000/audit" in page

    await forge(superuser, EDIT)
    await superuser.execute("alter table audit_event enable trigger all")
    broken = await auditor.post("/staff/audit/check")
    assert broken.headers["location"] == "/staff/audit?notice=not-whole"
    assert "notice bad" in (await auditor.get("/staff/audit")).text
    registrar = await console.sign_in(Role.REGISTRAR)
    assert "操作记录核对不通过" in (await registrar.get("/staff")).text


async def test_an_export_is_checked_by_the_command_and_stands_in_the_trail(
    console: Console, operator: Connection, console_settings: Settings, audit_signer: Signer, tmp_path: Path
) -> None:
    await write_events(operator, 30)
    await seal(console_settings, audit_signer, head_folder(console_settings))
    auditor = await console.sign_in(Role.AUDITOR)

    answer = await auditor.post("/staff/audit/export")

    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-trail-')
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["type"] for line in lines].count("head") == 1
    last = lines[-2]
    assert (last["action"], last["actor"]) == ("trail_exported", auditor.account.name)
    assert [line["number"] for line in lines[:-1]] == list(range(1, len(lines)))


async def test_a_partner_sees_the_newest_head_and_nothing_else_of_the_trail(
    console: Console, operator: Connection, console_settings: Settings, audit_signer: Signer
) -> None:
    partner = await console.sign_in(Role.PARTNER, partner="甲中心")
    assert "尚未签名" in (await partner.get("/partner/trail")).text
    await write_events(operator, 30)
    await seal(console_settings, audit_signer, head_folder(console_settings))

    page = await partner.get("/partner/trail")

    assert page.status_code == 200
    assert "127.0.0.1:8000/audit" in page.text
    assert (await partner.get("/staff/audit")).status_code == 403
