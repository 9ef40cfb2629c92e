import base64
import hashlib
import html
import re

import pytest

from tests.kit.issuer import published_keys, status_list
from tests.kit.programs import KIT
from verify_service.pages import rendering
from verify_service.pages.offline import offline_policy, render_offline
from verify_service.pages.verification_views import OfflineView
from verify_service.pages.views import SiteTexts
from verify_service.translations import Language, catalogue

KEYS = published_keys()
LISTS = (status_list("revocation", 5), status_list("refresh"))
VIEW = OfflineView(KEYS.did, KEYS.jwks, ("https://rz.example.cn",), LISTS)
HOSTILE = "</script><script>alert(1)</script>"


def rendered(view: OfflineView, site: SiteTexts) -> str:
    return render_offline(view, site).decode()


def test_the_policy_allows_exactly_the_script_and_the_style_that_stand_in_the_page(full_site: SiteTexts) -> None:
    page = rendered(VIEW, full_site)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (script,) = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)

    allowed = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script, style)]
    assert re.findall(r"'sha256-([^']+)'", offline_policy()) == allowed
    assert f'content="{offline_policy()}"' in html.unescape(page)
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_the_page_has_no_address_it_could_ask(full_site: SiteTexts) -> None:
    page = re.sub(r'<script type="application/json".*?</script>', "", rendered(VIEW, full_site), flags=re.DOTALL)

    assert re.findall(r'(?:src|href|action|poster|srcset)="([^"]*)"', page) == ["data:,"]
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|@import|\burl\(", page)


def test_data_cannot_end_the_element_it_stands_in(bare_site: SiteTexts) -> None:
    hostile = OfflineView(HOSTILE, HOSTILE, (HOSTILE,), ())

    assert HOSTILE not in rendered(hostile, bare_site)


def test_the_age_of_the_oldest_list_is_said_in_both_languages(full_site: SiteTexts) -> None:
    page = rendered(VIEW, full_site)

    assert "撤销与换发情况截至 2026年11月23日 10:00:00。" in page
    assert "as of 23 November 2026, 10:00:00 (Beijing time)." in page
    assert "本页不含状态列表" in rendered(OfflineView(KEYS.did, KEYS.jwks, (), ()), full_site)


def test_every_reason_the_verifier_gives_has_its_sentence_on_the_page(full_site: SiteTexts) -> None:
    codes = set(re.findall(r'"([A-Z][A-Z0-9_]{4,})"', (KIT / "verify.mjs").read_text("utf-8")))
    known = {"VALID", "REVOKED", "SUPERSEDED", "SIGNED_BY_ISSUER"}

    assert set(re.findall(r'data-reason="(\w+)"', rendered(VIEW, full_site))) == codes - known
    assert codes > known


def test_every_sentence_of_the_page_is_there_in_both_languages_and_used(
    monkeypatch: pytest.MonkeyPatch, full_site: SiteTexts
) -> None:
    used = set()

    class Recording(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            used.add(key)
            return super().__getitem__(key)

    monkeypatch.setattr(rendering, "catalogue", lambda language, topic: Recording(catalogue(language, topic)))
    rendered(VIEW, full_site)
    rendered(OfflineView(KEYS.did, KEYS.jwks, (), ()), full_site)

    assert used == catalogue(Language.CHINESE, "offline").keys() == catalogue(Language.ENGLISH, "offline").keys()
