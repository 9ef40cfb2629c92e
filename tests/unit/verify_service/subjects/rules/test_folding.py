"""Folding: tables against what Unicode itself says, and totality."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.subjects.rules import characters, folding

FOLDS = (
    folding.drop_invisible,
    folding.drop_blanks,
    folding.collapse_blanks,
    folding.fold_full_width,
    folding.fold_compatibility,
    folding.fold_radicals,
    folding.fold_private_use,
    folding.fold_dots,
    folding.fold_separators,
    folding.fold_number,
    folding.fold_word,
)


@given(st.text(st.characters(exclude_categories=()), max_size=40), st.sampled_from(FOLDS))
@settings(max_examples=200)
def test_folding_what_is_folded_changes_nothing(text: str, fold: folding.Fold) -> None:
    folded = fold(text)

    assert fold(folded) == folded


def test_every_compatibility_ideograph_that_unicode_unifies_is_folded_and_the_twelve_unified_ones_stay() -> None:
    changed_by_nfc = {
        code_point
        for code_point in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
        if unicodedata.normalize("NFC", chr(code_point)) != chr(code_point)
    }

    # 460 and 542, counted in Unicode 14; the two circles typed for 〇 are ours.
    assert len(changed_by_nfc) == 1002
    assert set(characters.COMPATIBILITY) == changed_by_nfc | {0x25CB, 0x25EF}
    assert (
        not {0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29}
        & changed_by_nfc
    )


def test_the_fourteen_private_characters_python_leaves_are_the_standard_ones_of_gb18030() -> None:
    left_by_python = {
        code_point
        for code_point in characters.MAPPED_PRIVATE_USE
        if ord(_gbk_bytes(code_point).decode("gb18030")) == code_point
    }

    assert len(characters.MAPPED_PRIVATE_USE) == 80
    assert len(left_by_python) == 14
    for code_point in characters.MAPPED_PRIVATE_USE.keys() - left_by_python:
        assert ord(_gbk_bytes(code_point).decode("gb18030")) == characters.MAPPED_PRIVATE_USE[code_point]


@pytest.mark.parametrize(
    ("radical", "character"), [("⻢", "马"), ("⻩", "黄"), ("⽂", "文"), ("⽯", "石"), ("⻳", "龟")]
)
def test_a_radical_pasted_from_a_pdf_becomes_its_character(radical: str, character: str) -> None:
    assert folding.fold_radicals(radical) == character


def test_capitals_are_made_of_ascii_letters_only() -> None:
    assert folding.fold_number("xｘſıß") == "XXſıß"


def test_characters_newer_than_pythons_tables_survive_every_fold() -> None:
    newer = "\U0002ebf0\U00031350\U000323b0"

    assert all(fold(newer) == newer for fold in FOLDS)


def _gbk_bytes(code_point: int) -> bytes:
    """Return the two bytes FE50-FE7E, FE80-FEA0 that stand for U+E815-E864 in order."""
    trail = 0x50 + code_point - 0xE815
    return bytes((0xFE, trail if trail < 0x7F else trail + 1))
