"""The operator's work with redemption codes."""

import io
from pathlib import Path

import openpyxl

from tests.factories import Trainee
from tests.office import Office, Ran


class Codes:
    """Commands on codes, and the workbooks they leave."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def write_list(self, name: str = "codes.xlsx", *options: str, cohort: str = "C1") -> Ran:
        return self.office.run("codes", "list", "--cohort", cohort, "-o", str(self.path(name)), *options)

    def path(self, name: str = "codes.xlsx") -> Path:
        return self.office.folder / name

    def rows(self, name: str = "codes.xlsx") -> list[tuple[str, str, str]]:
        """Return name, tail and code of each line of a workbook."""
        (sheet,) = openpyxl.load_workbook(io.BytesIO(self.path(name).read_bytes())).worksheets
        return [(str(row[1]), str(row[2]), str(row[3])) for row in sheet.iter_rows(min_row=3, values_only=True)]

    def listed(self, name: str = "codes.xlsx", *options: str) -> list[tuple[str, str, str]]:
        ran = self.write_list(name, *options)
        assert (ran.code, ran.err) == (0, "")
        return self.rows(name)

    def redeem(self, code: str, *options: str) -> Ran:
        return self.office.run("codes", "redeem", "-", *options, stdin=code)

    def reissue(self, person: Trainee, cohort: str = "C1") -> Ran:
        number = self.office.private(person.id_number)
        return self.office.run(
            "codes", "reissue", "--cohort", cohort, "--id-number", number, "--note", "-", stdin="遗失"
        )
