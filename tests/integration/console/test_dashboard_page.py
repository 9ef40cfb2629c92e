"""The staff's first page: drawn from the register, and alarms that lead on."""

import re

import pytest

from tests.consoles import Console
from tests.factories import enrol_passed, trainees
from verify_service.accounts.model import Role
from verify_service.database import Connection
from verify_service.key_directory import KeyDirectory
from verify_service.settings import Settings


@pytest.mark.parametrize("language", ["", "?lang=en"])
async def test_an_empty_register_has_a_page_too(console: Console, language: str) -> None:
    staff = await console.sign_in(Role.APPROVER)

    page = await staff.get(f"/staff{language}")

    assert page.status_code == 200
    assert page.text.count('role="img"') == 4
    assert "style=" not in page.text


async def test_who_waits_too_long_is_an_alarm_with_a_way_on(
    console: Console, operator: Connection, console_settings: Settings
) -> None:
    await enrol_passed(operator, KeyDirectory(console_settings).require_secrets(), "C1", trainees(3))
    staff = await console.sign_in(Role.ISSUER)

    page = (await staff.get("/staff")).text

    assert "3 份证书已超过 30 个工作日" in page
    assert re.search(r"考核通过、尚未发证</dt><dd[^>]*>3<", page)


async def test_counts_of_lookups_are_drawn_and_told(console: Console, superuser: Connection) -> None:
    await superuser.execute(
        "insert into lookup_day values (current_date, 'found', 4711), (current_date, 'limited', 12)"
    )
    staff = await console.sign_in(Role.REGISTRAR)

    page = (await staff.get("/staff")).text

    for count in ("4711", "12"):
        assert f'<td class="number">{count}</td>' in page
    assert 'class="s0"' in page
    assert 'class="s2"' in page


async def test_canary_and_breaker_are_alarms(console: Console, superuser: Connection) -> None:
    await superuser.execute("insert into lookup_alarm (alarm, about) values ('canary', 'list of spring')")
    await superuser.execute("update lookup_breaker set open_until = now() + interval '1 hour'")
    staff = await console.sign_in(Role.REGISTRAR)

    page = (await staff.get("/staff")).text

    assert "list of spring" in page
    assert "已自动收紧限额" in page
    assert "签名进程没有运行" in page  # nobody is connected under its role
