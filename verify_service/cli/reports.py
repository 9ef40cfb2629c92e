"""Checked tables for people: each finding with its row, its cell, its code and a sentence, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import click

from verify_service.cli.printing import print_table
from verify_service.enrolments.model import Change
from verify_service.exams.model import SittingChange
from verify_service.photos.model import PhotoSummary
from verify_service.photos.rules.remarks import photo_remarks, row_ranges
from verify_service.tables.model import RowChanges, TableReport, UnknownColumn
from verify_service.translations import Language, catalogue

NEWLY: Final[dict[str, str]] = {Change.ENROLMENT: "enrolled", SittingChange.SITTING: "recorded"}
"""Which sentence tells of rows that were not there before."""
UPDATED: Final[tuple[str, ...]] = tuple(
    change for change in (*Change, *SittingChange) if change not in {*NEWLY, Change.PERSON}
)


class Reporter:
    """Prints reports in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._words = catalogue(language, "reports")

    def say(self, sentence: str, **details: object) -> None:
        """Print one sentence of the catalogue."""
        click.echo(self._words[sentence].format(**details))

    def print_findings(self, report: TableReport[Any]) -> None:
        """Print every finding of a table, a line each; rows without any are not listed."""
        findings = list(self._findings(report))
        if findings:
            self._print_table(("row", "cell", "level", "code", "message"), findings)
        if any(error.code == "UNKNOWN_PARTNER" for row in report.rows for error in row.errors):
            self.say("createPartners")
        if report.unknown_columns:
            self.say("unknownColumns", columns=self._joined(self._column(c) for c in report.unknown_columns))

    def print_photos(self, photos: PhotoSummary | None) -> None:
        """Print how photos fit, if any were handed in: what is missing, refused, suggested or to be looked at."""
        if photos is None:
            return
        for remark in self.photo_remarks(photos):
            click.echo(remark)
        if lines := list(self._photo_lines(photos)):
            self._print_table(("file", "level", "code", "message"), lines)

    def photo_remarks(self, photos: PhotoSummary | None) -> list[str]:
        """Return the sentences about photos as a whole; none where no photos were handed in."""
        return photo_remarks(photos, self._language)

    def print_changes(self, changes: Sequence[RowChanges]) -> None:
        """Print which rows are new, a line for all of them, and what of each other row is another now."""
        for change, sentence in NEWLY.items():
            if rows := [row.row for row in changes if change in row.changes]:
                self.say(sentence, rows=self._ranges(rows))
        for row in changes:
            if fields := [self._words[change] for change in row.changes if change in UPDATED]:
                self.say("updated", row=row.row, fields=self._joined(fields))

    def print_similar_partners(self, similar: Mapping[str, tuple[str, ...]]) -> None:
        """Print which registered partners unknown names may mean: for operators, no partner learns another's name."""
        for name, names in similar.items():
            if names:
                self.say("similarPartner", name=name, names=self._joined(names))

    def print_totals(self, report: TableReport[Any], *, imported: int | None = None, unchanged: int = 0) -> None:
        """Print one line of totals."""
        summary = report.summary
        totals = self._words["totals"].format(rows=summary.rows, accepted=summary.accepted, rejected=summary.rejected)
        counts = {} if imported is None else {"imported": imported, "unchanged": unchanged}
        click.echo(self._joined([totals, *(self._words[name].format(count=n) for name, n in counts.items())]))

    def _findings(self, report: TableReport[Any]) -> Iterator[tuple[str, ...]]:
        for row in report.rows:
            for level, issues in (("error", row.errors), ("warning", row.warnings)):
                for issue in issues:
                    yield str(row.row), issue.cell, self._words[level], issue.code, issue.message

    def _photo_lines(self, photos: PhotoSummary) -> Iterator[tuple[str, ...]]:
        error, warning, suggestion = (self._words[level] for level in ("error", "warning", "suggestion"))
        yield from ((refused.file, error, refused.code, refused.message) for refused in photos.refused)
        yield from ((remark.file, warning, remark.code, remark.message) for remark in photos.warnings)
        yield from ((maybe.file, suggestion, maybe.reason, maybe.message) for maybe in photos.suggestions)

    def _print_table(self, headings: Iterable[str], lines: Sequence[tuple[str, ...]]) -> None:
        print_table([self._words[heading] for heading in headings], lines)

    def _column(self, column: UnknownColumn) -> str:
        sentence = "unknownColumn" if column.maybe is None else "unknownColumnMaybe"
        return self._words[sentence].format(heading=column.heading, cell=column.cell, official=column.maybe)

    def _joined(self, parts: Iterable[str]) -> str:
        return self._words["separator"].join(parts)

    def _ranges(self, rows: Sequence[int]) -> str:
        return row_ranges(rows, self._words)
