"""Names: what is printed, what staff are warned of, and what an employer's typing matches."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.subjects.model import Name
from verify_service.subjects.rules.names import match_key, parse_name

CASES = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))["cases"]
NAMES = [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == "name"]
MATCHES = [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == "name_match"]

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
NEARLY_NAMES = st.text(
    "林晓〇○䶮\ue863\uf9dc⻢⽂\u30fb·.．。 　\u00a0\u200b\ufeffMaéÉ\u0301Ｍ'’-—\u212a\u0149\U00031350", max_size=12
)
KEPT_REMARKS = {"MIXED_SCRIPT", "SHORT"}  # about the value itself, not about a repair


@pytest.mark.parametrize("case", NAMES)
def test_every_shared_case_of_a_name_is_read_as_listed(case: dict[str, Any]) -> None:
    expected = case["expect"]

    if expected["ok"]:
        assert parse_name(case["input"]) == Name(value=expected["value"], warnings=tuple(expected["warn"]))
    else:
        with pytest.raises(FieldError) as refusal:
            parse_name(case["input"])
        assert refusal.value.code == expected["error"]


@pytest.mark.parametrize("case", MATCHES)
def test_every_shared_pair_of_names_matches_as_listed(case: dict[str, Any]) -> None:
    issued, typed = case["input"]["issued"], case["input"]["typed"]

    assert (match_key(parse_name(issued).value) == match_key(typed)) is case["expect"]["match"]


@pytest.mark.parametrize(
    ("text", "value", "warnings"),
    [
        ("禾　苗", "禾苗", ("SPACE",)),
        ("阿依努尔．买买提", "阿依努尔·买买提", ("DOT_VARIANT",)),
        ("阿依努尔 ・ 买买提", "阿依努尔·买买提", ("DOT_VARIANT", "SPACE")),
        ("孙○禾", "孙〇禾", ("COMPAT_IDEOGRAPH",)),
        ("林\ue5e5禾", "林禾", ("SPACE",)),
        ("林", "林", ("SHORT",)),
        ("林" * 50, "林" * 50, ()),
        ("Mary  Ann\tSmith ", "Mary Ann Smith", ("SPACE",)),
        ("Jose\u0301 Álvarez", "José Álvarez", ()),
        ("O’Neil Anne—Marie", "O'Neil Anne-Marie", ()),
        ("John F. Smith Jr.", "John F. Smith Jr.", ()),
        ("Jean • Paul", "Jean·Paul", ("DOT_VARIANT", "SPACE")),
        ("\u202d林\ufeff \ue863\u202c", "林䶮", ("INVISIBLE", "PUA_MAPPED", "SPACE")),
        ("林\U0002ebf0\U000323b0", "林\U0002ebf0\U000323b0", ()),  # Extensions I and J: unassigned in Unicode 14
    ],
)
def test_a_repair_is_made_once_and_said(text: str, value: str, warnings: tuple[str, ...]) -> None:
    assert parse_name(text) == Name(value=value, warnings=warnings)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \u200b\u3000\ufe0f", "EMPTY"),
        ("王?", "REPLACEMENT"),
        ("林\U000f0000", "PUA"),
        ("林\ue815", "CHARSET"),  # a GBK private character that is only a radical
        ("=cmd|' /C calc'!A0", "DIGIT"),
        ("林（2班）", "DIGIT"),
        ("林２", "DIGIT"),
        ("林\u0662", "CHARSET"),
        ("林-禾", "CHARSET"),
        ("Иван", "CHARSET"),
        ("ひかり", "CHARSET"),
        ("林\x00禾", "CHARSET"),
        ("林\ud800", "CHARSET"),
        ("Smith\u0301", "CHARSET"),  # no letter h with acute exists in one code point
        ("--'", "CHARSET"),
        ("。林", "DOT_EDGE"),
        ("阿··提", "DOT_EDGE"),
        ("·", "DOT_EDGE"),
        (".Smith", "DOT_EDGE"),
        ("林" * 51, "TOO_LONG"),
        ("M" * 51, "TOO_LONG"),
    ],
)
def test_a_name_that_cannot_be_printed_as_meant_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refusal:
        parse_name(text)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José Álvarez", "JOSE ALVAREZ"),
        ("José", "Jose\u0301"),
        ("O'Neil", "oneil"),
        ("Strauß", "STRAUSS"),
        ("孙〇禾", "孙○禾"),
        ("单于〇", "单 于 ○"),
    ],
)
def test_case_accents_and_circles_do_not_part_two_spellings(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("林\U00031350", "林"),  # unassigned to unicodedata, a character all the same
        ("林\U00031350", "林\U00031351"),
        ("钟小禾", "锺小禾"),
        ("林㊚", "林男"),
    ],
)
def test_two_registered_names_never_share_a_key(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


def test_the_key_of_separators_alone_is_empty() -> None:
    assert match_key(" ·—’.\u200b　") == ""


@given(st.one_of(ANY_TEXT, NEARLY_NAMES))
@settings(max_examples=200)
def test_any_text_is_a_name_or_a_field_error_and_a_name_stays_what_it_is(text: str) -> None:
    try:
        name = parse_name(text)
    except FieldError:
        return
    again = parse_name(name.value)

    assert again.value == name.value
    assert set(again.warnings) <= KEPT_REMARKS
    assert match_key(name.value) == match_key(text)


def test_a_flood_of_combining_marks_is_never_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    # Sorting them is quadratic: 60,000 marks would hold a processor for seconds, and lookups are anonymous.
    flood = "a" + "\u0315\u0300" * 30_000

    with monkeypatch.context() as without:
        without.delattr("unicodedata.normalize")
        with pytest.raises(FieldError, match="TOO_LONG"):
            parse_name(flood)
        key = match_key(flood)

    assert key == flood


@given(st.one_of(ANY_TEXT, NEARLY_NAMES))
@settings(max_examples=200)
def test_any_text_has_a_key_that_can_be_hashed(text: str) -> None:
    match_key(text).encode()
