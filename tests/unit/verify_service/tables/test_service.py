"""Tables read in a confined process: the same sheets, and named refusals where a file exhausts or fells its reader."""

import io
from pathlib import Path

import pytest

from verify_service.confinement.parent import ConfinedError
from verify_service.confinement.protocol import Limits
from verify_service.errors import FileRefusedError
from verify_service.tables import service
from verify_service.tables.rules import files
from verify_service.tables.rules.explanations import explain_refusal
from verify_service.translations import Language

DATA = Path(__file__).parents[3] / "data"
TABLES = ["roster-messy.xlsx", "roster-old-excel.xls", "old-excel-kinds.xls", "roster-host.csv", "results-host.xlsx"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_crosses_to_the_parent_as_it_was_read(name: str) -> None:
    with (DATA / name).open("rb") as file:
        assert service.read_tables(file, name) == files.read_tables(io.BytesIO((DATA / name).read_bytes()), name)


def test_a_refusal_crosses_in_every_language() -> None:
    with (DATA / "roster-messy.xlsx").open("rb") as file, pytest.raises(FileRefusedError) as refused:
        service.read_tables(file, "roster.xls")

    assert refused.value.code == "NOT_XLS"
    assert explain_refusal(refused.value, Language.ENGLISH) == (
        "This is an .xlsx workbook under the name .xls: rename it to .xlsx."
    )


@pytest.mark.parametrize(
    ("reason", "code"), [("time", "FILE_EXHAUSTING"), ("memory", "FILE_EXHAUSTING"), ("crash", "WORKBOOK_DAMAGED")]
)
def test_a_reader_that_did_not_come_back_is_a_refusal(monkeypatch: pytest.MonkeyPatch, reason: str, code: str) -> None:
    def fall(*_: object) -> None:
        raise ConfinedError(reason)

    monkeypatch.setattr(service, "call_confined", fall)
    with (DATA / "roster-host.csv").open("rb") as file, pytest.raises(FileRefusedError) as refused:
        service.read_tables(file, "roster-host.csv")

    assert refused.value.code == code


def test_a_file_beyond_its_memory_is_refused_not_half_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LIMITS", Limits(memory_bytes=24 << 20, seconds=5))
    with (DATA / "roster-messy.xlsx").open("rb") as file, pytest.raises(FileRefusedError):
        service.read_tables(file, "roster-messy.xlsx")
