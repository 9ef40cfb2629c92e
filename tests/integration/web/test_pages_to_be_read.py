"""`/help`, `/privacy` and `/accessibility`: what they promise is what this installation does."""

import html
import re
from pathlib import Path

import msgspec
import pytest

from tests.integration.web.conftest import BROWSER, Client, asking
from verify_service.errors import UsageError
from verify_service.retention.service.policy import DEFAULT_FILE
from verify_service.settings import Settings


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        ("/help", "查询与核验帮助", "Help with lookups and checks"),
        ("/privacy", "个人信息处理规则", "Personal data on this site"),
        ("/accessibility", "无障碍声明", "Accessibility statement"),
    ],
)
async def test_each_is_there_in_both_languages(client: Client, path: str, chinese: str, english: str) -> None:
    for language, title in (("zh-CN", chinese), ("en", english)):
        page = await client.get(path, params={"lang": language}, headers=BROWSER)

        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
        assert f"<h1>{title}</h1>" in page.text


async def test_the_terms_are_those_that_personal_data_is_ended_by(site: Settings, tmp_path: Path) -> None:
    policy = tmp_path / "retention.toml"
    text = re.sub(r"(\[photos\]\nkeep_days = )\d+", r"\g<1>100", DEFAULT_FILE.read_text("utf-8"))
    policy.write_text(re.sub(r"(\[phones\]\nkeep_days = )\d+", r'\g<1>"forever"', text), "utf-8")

    async with asking(msgspec.structs.replace(site, retention_file=policy)) as client:
        page = (await client.get("/privacy", headers=BROWSER)).text

    terms = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", html.unescape(page)))
    assert terms["照片"] == "发证之后，保存 100 天。"
    assert terms["手机号码"].endswith("长期保存。")
    assert "保存 1 年（365 天）" in terms["没有取得证书的学员的全部信息"]


async def test_a_policy_that_cannot_be_read_stops_the_start(site: Settings, tmp_path: Path) -> None:
    policy = tmp_path / "retention.toml"
    policy.write_text("[photos]\nkeep_days = 0\n", "utf-8")

    with pytest.raises(UsageError):
        async with asking(msgspec.structs.replace(site, retention_file=policy)):
            pass
