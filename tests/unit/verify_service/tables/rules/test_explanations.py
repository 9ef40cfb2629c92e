"""Every code has a sentence in both languages."""

import json
import string
from pathlib import Path

import pytest

from verify_service.tables.rules.explanations import explain, refusal
from verify_service.translations import Language, catalogue

DATA = json.loads((Path(__file__).parents[4] / "data/cases.json").read_text("utf-8"))
REGISTER_CODES = [
    "DUPLICATE",
    "ALREADY_ENROLLED",
    "PHONE_CHANGED",
    "UNKNOWN_PARTNER",
    "NO_GLYPH",
    "NOT_ENROLLED",
    "NAME_MISMATCH",
    "SITTING_ORDER",
    "ALREADY_DECIDED",
]


@pytest.mark.parametrize("code", [*DATA["errors"], *DATA["warnings"], *REGISTER_CODES])
@pytest.mark.parametrize("language", Language)
def test_every_code_of_the_contract_has_a_sentence(code: str, language: Language) -> None:
    assert explain(code, language=language).endswith(("。", "."))


def test_both_languages_explain_the_same_codes_with_the_same_details() -> None:
    chinese, english = catalogue(Language.CHINESE, "codes"), catalogue(Language.ENGLISH, "codes")

    assert chinese.keys() == english.keys()
    for code, sentence in chinese.items():
        assert _details(sentence) == _details(english[code]), code


def test_a_field_with_a_sentence_of_its_own_gets_it() -> None:
    assert explain("PATTERN", about="documentType") != explain("PATTERN")
    assert explain("EMPTY", about="phone") == explain("EMPTY")


def test_a_refusal_names_its_details() -> None:
    error = refusal("TOO_MANY_ROWS", rows=10_000)

    assert error.code == "TOO_MANY_ROWS"
    assert "10000" in error.message


def _details(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
