"""Every word a check can end in has a sentence in both languages."""

import re
from pathlib import Path

import pytest

from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

PACKAGE = Path(__file__).parents[5] / "verify_service" / "verification"
CHECK = re.compile(r'Check\(\s*"(\w+)",\s*(?:"\w+"|outcome),\s*"([A-Z_]+)"')
REFUSED = re.compile(r'(?:refusal\(|"(?:error|fail)", )"([A-Z_]+)"')
SOURCE = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
DETAILS = {(check, code) for check, code in CHECK.findall(SOURCE)} | {
    ("record", code) for code in REFUSED.findall(SOURCE)
}
STATUSES = {("status", "VALID"), ("status", "REVOKED"), ("status", "SUPERSEDED")}


def test_the_source_names_the_details() -> None:
    assert len(DETAILS) > 40


@pytest.mark.parametrize("language", list(Language))
def test_every_detail_has_a_sentence(language: Language) -> None:
    for check, detail in DETAILS | STATUSES:
        sentence = explain(detail, about=check, language=language)

        assert sentence.endswith((".", "。"))
        assert "{" not in sentence
