"""What holds for every state of every page, in both languages."""

import datetime
import html
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.pages import rendering
from verify_service.pages.assets import served_assets
from verify_service.pages.rendering import render_landing, render_lookup, render_problem
from verify_service.pages.views import LandingView, LookupFormView, LookupValues, ProblemView, SiteTexts
from verify_service.translations import Language, catalogue

Pages = tuple[Any, ...]
TOPICS = ("pages", "reading")
RenderAll = Callable[[SiteTexts], Pages]

# The certificates are no vocational qualification of the state, and no page may suggest it.
FORBIDDEN = ("职业资格", "职业技能等级", "occupational qualification", "vocational qualification", "国徽")

DOWNLOADS = ("/kit/", "/.well-known/", "/status/")

SCRIPT_FILE = r'<script (?:type="module" )?src="/static/(\w+)\.[0-9a-f]{12}\.js"(?: defer)?></script>'
SCRIPTED = {"landing": "landing-", "dropping": "verify", "working": "problem-429-work"}

HOSTILE = "<script>\"'&{{7*7}}"


def test_every_page_names_its_language_and_has_one_main_heading(pages: Pages) -> None:
    for page in pages:
        assert f'<html lang="{page.language}">' in page.html, page.name
        assert page.html.count("<h1") == 1, page.name
        assert page.html.count("<main") == 1, page.name


def test_no_page_carries_an_inline_script_an_inline_style_or_a_data_uri(pages: Pages) -> None:
    for page in pages:
        without_files = re.sub(SCRIPT_FILE, "", page.html)
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|data:", without_files), page.name


def test_only_three_pages_have_a_script_of_their_own(pages: Pages) -> None:
    for page in pages:
        scripts = [name for name, prefix in SCRIPTED.items() if page.name.startswith(prefix)]
        assert re.findall(SCRIPT_FILE, page.html) == scripts, page.name


def test_no_page_claims_a_qualification_of_the_state(pages: Pages) -> None:
    for page in pages:
        assert not [word for word in FORBIDDEN if word in page.html.lower()], page.name


def test_every_identifier_is_unique_and_every_reference_leads_somewhere(pages: Pages) -> None:
    for page in pages:
        identifiers = Counter(re.findall(r'\sid="([^"]+)"', page.html))
        references = re.findall(r'(?:\sfor="|aria-labelledby="|aria-describedby="|href="#)([^"]+)"', page.html)

        assert not [name for name, count in identifiers.items() if count > 1], page.name
        assert {name for reference in references for name in reference.split()} <= set(identifiers), page.name


def test_every_static_file_a_page_asks_for_is_served(pages: Pages) -> None:
    asked = {name for page in pages for name in re.findall(r'"/static/([^"]+)"', page.html)}

    assert asked
    assert asked <= set(served_assets())


OF_A_CODE = "v/0123456789ABCDEF"
PATHS = (
    "lookup",
    "lookup/match",
    OF_A_CODE,
    f"{OF_A_CODE}/match",
    "verify",
    "keys",
    "help",
    "privacy",
    "accessibility",
)
OWN_PATHS = rf"/(?:|receipt|{'|'.join(PATHS)})"


def test_every_link_leads_to_a_page_that_exists_in_the_language_of_the_page(pages: Pages) -> None:
    for page in pages:
        links = re.findall(r'<(?:a|form)[^>]* (?:href|action)="([^"]+)"[^>]*>', page.html)
        own = [link for link in links if not link.startswith(("#", *DOWNLOADS))]
        other_language = re.search(r'class="language" href="([^"]+)"', page.html)
        assert other_language

        own.remove(other_language[1])
        suffix = r"\?lang=en" if page.language is Language.ENGLISH else ""
        assert [link for link in own if not re.fullmatch(OWN_PATHS + suffix, link)] == [], page.name
        assert ("?lang=en" in other_language[1]) is (page.language is Language.CHINESE), page.name


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_sentences_with_the_same_placeholders(topic: str) -> None:
    chinese, english = (catalogue(language, topic) for language in Language)

    assert chinese.keys() == english.keys()
    for key, text in chinese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_every_sentence_of_the_catalogues_is_used(
    monkeypatch: pytest.MonkeyPatch, render_all: RenderAll, full_site: SiteTexts, bare_site: SiteTexts
) -> None:
    used: dict[str, set[str]] = {topic: set() for topic in TOPICS}

    class Recording(dict[str, str]):
        topic = ""

        def __getitem__(self, key: str) -> str:
            used[self.topic].add(key)
            return super().__getitem__(key)

    def recording(language: Language, topic: str) -> Recording:
        words = Recording(catalogue(language, topic))
        words.topic = topic
        return words

    monkeypatch.setattr(rendering, "catalogue", recording)
    render_all(full_site)
    render_all(bare_site)

    assert used == {topic: set(catalogue(Language.CHINESE, topic)) for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS)
def test_chinese_copy_has_full_width_punctuation(topic: str) -> None:
    han = "[\u4e00-\u9fff“”（）]"
    cheap = re.compile(rf"{han}[,:;?!()]|[,:;?!()]{han}|{han}\.(?!\w)")

    assert not {key: text for key, text in catalogue(Language.CHINESE, topic).items() if cheap.search(text)}


def test_what_was_typed_comes_back_escaped() -> None:
    form = LookupFormView(LookupValues(name=HOSTILE))
    page = render_lookup(form, SiteTexts(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE), Language.CHINESE).decode()

    assert HOSTILE not in page
    assert "<script" not in page
    assert html.escape(HOSTILE).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in page


def test_a_hostile_token_stays_inside_the_address_it_came_in(pages: Pages) -> None:
    page = next(page for page in pages if page.name == "landing-not-found")

    assert 'href="/v/%22%3E%3Cscript%3E' in page.html


def test_a_token_that_opens_nothing_is_not_repeated_to_the_reader(bare_site: SiteTexts) -> None:
    view = LandingView("not_found", datetime.datetime.now(datetime.UTC), "ZZZZZZZZZZZZZZZZ")

    page = render_landing(view, bare_site, Language.CHINESE).decode()

    assert page.count("ZZZZZZZZZZZZZZZZ") == 1  # the language link alone


def test_a_footer_line_that_is_not_set_is_not_shown(
    render_all: RenderAll, full_site: SiteTexts, bare_site: SiteTexts
) -> None:
    full, bare = render_all(full_site), render_all(bare_site)

    assert all(full_site.icp in page.html and "beian.miit.gov.cn" in page.html for page in full)
    assert not [page.name for page in bare if "beian" in page.html or "filings" in page.html]
    assert not [page.name for page in bare if "<small>" in page.html or "None" in page.html]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (ProblemView(429, "too-many-requests", 1), "约 1 分钟后"),
        (ProblemView(429, "too-many-requests", 60), "约 1 分钟后"),
        (ProblemView(429, "too-many-requests", 61), "约 2 分钟后"),
        (ProblemView(429, "too-many-requests"), "请稍后再试"),
        (ProblemView(503, "unavailable", 30), "这不代表证书无效"),
        (ProblemView(500, "a-name-nobody-knows"), "暂时无法核验"),
        (ProblemView(418, "a-name-nobody-knows"), "没有收到完整的内容"),
        (ProblemView(413, "payload-too-large", 30), "提交的内容过大"),
    ],
)
def test_a_problem_says_when_to_come_back(view: ProblemView, expected: str, bare_site: SiteTexts) -> None:
    assert expected in render_problem(view, bare_site, Language.CHINESE).decode()


@settings(max_examples=200)
@given(token=st.text(max_size=80))
def test_any_token_makes_a_page_and_stays_in_its_link(token: str) -> None:
    site = SiteTexts("", "机构", "", "Body", "verify.example.cn")
    view = LandingView("not_found", datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC), token)

    page = render_landing(view, site, Language.CHINESE).decode()

    assert re.search(r'href="/v/[\w.~%-]*\?lang=en" lang="en"', page, re.ASCII)


@settings(max_examples=200)
@given(status=st.integers(400, 599), name=st.text(max_size=40), seconds=st.none() | st.integers(0, 10**6))
def test_any_problem_makes_a_page(status: int, name: str, seconds: int | None) -> None:
    site = SiteTexts("", "机构", "", "Body", "verify.example.cn")

    assert b"<h1" in render_problem(ProblemView(status, name, seconds), site, Language.ENGLISH)
