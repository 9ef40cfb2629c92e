import pytest

from tests.unit.verify_service.pages.old_browsers import too_new_in_script, too_new_in_style
from verify_service.translations import PUBLIC_SITE

STATIC = PUBLIC_SITE / "static"
OURS = ("landing.js", "dropping.js", "working.js")
NOT_OURS = ("swagger-ui", "api-docs.js")
OF_CONSOLES = {"archive.js", "console-dropping.js", "passkeys.js", "progress.js"}
"""Of people at work, who keep their browsers new: passkeys need one of 2022."""


def test_the_style_sheet_asks_nothing_that_a_browser_of_2019_lacks() -> None:
    assert too_new_in_style((STATIC / "site.css").read_text("utf-8")) == []


@pytest.mark.parametrize("name", OURS)
def test_a_script_uses_nothing_that_a_browser_of_2019_lacks(name: str) -> None:
    assert too_new_in_script((STATIC / name).read_text("utf-8")) == []


def test_every_script_of_the_pages_is_looked_at() -> None:
    scripts = {path.name for path in STATIC.glob("*.js") if not path.name.startswith(NOT_OURS)}

    assert scripts - OF_CONSOLES == set(OURS)


def test_the_verifier_that_an_old_browser_would_not_understand_is_fetched_by_new_ones_alone() -> None:
    landing = (STATIC / "landing.js").read_text("utf-8")

    assert too_new_in_script((PUBLIC_SITE / "kit" / "verify.mjs").read_text("utf-8"))
    assert "\nimport " not in landing
    assert landing.index("knowsTheAlgorithm().then((known) => known && compare()") > landing.index("await import(")


@pytest.mark.parametrize(
    ("style", "problem"),
    [
        ("a:is(b,c){color:red}", "selector a:is(b,c)"),
        ("a:focus-visible{outline:0}", "selector a:focus-visible"),
        ("a,.field ::file-selector-button{color:red}", "selector a,.field ::file-selector-button"),
        ("a{inset:0}", "a: property inset"),
        ("a{margin-inline:0}", "a: property margin-inline"),
        ("a{aspect-ratio:1}", "a: property aspect-ratio"),
        ("a{width:min(1px,2px)}", "a: value min(1px,2px) without an older one before it"),
        ("a{height:100dvh}", "a: value 100dvh without an older one before it"),
        ("a{mask:none}", "a: mask without its older name"),
        ("a{display:flex;gap:1rem}", "a: gap of a flexible row"),
        ("a{display:flex}@media print{a{gap:1rem}}", "a: gap of a flexible row"),
        ("@layer x{a{color:red}}", "@layer"),
    ],
)
def test_what_is_too_new_is_found(style: str, problem: str) -> None:
    assert too_new_in_style(style) == [problem]


@pytest.mark.parametrize(
    "style",
    [
        "a{width:1px;width:min(1px,2px)}",
        "a{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}",
        "a{display:flex;justify-content:space-between;gap:1rem}",
        "a{-webkit-mask:none;mask:none}",
        ":focus{outline:1px}:focus:not(:focus-visible){outline:0}",
        "/* :is(a) */a{color:red}",
    ],
)
def test_what_has_a_fallback_is_not(style: str) -> None:
    assert too_new_in_style(style) == []


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("a?.b", "optional chaining"),
        ("a ?? b", "nullish coalescing"),
        ("a ||= b", "logical assignment"),
        ("const a = 1n;", "BigInt"),
        ("class A { #b = 1; }", "private member"),
        ("await a();", "top-level await"),
        ("[1].at(-1)", "newer method"),
        ("structuredClone(a)", "newer function"),
    ],
)
def test_syntax_that_is_too_new_is_found(script: str, problem: str) -> None:
    assert too_new_in_script(script) == [problem]


def test_what_stands_in_texts_and_comments_does_not_count() -> None:
    assert too_new_in_script('const a = "a?.b"; // a ?? b\nb = a ? .5 : 1;') == []
