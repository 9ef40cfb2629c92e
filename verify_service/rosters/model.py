"""A roster as checked, in the shape that `roster check --json` prints, and what an import of it asks and does."""

from collections.abc import Mapping

import msgspec

from verify_service.photos.model import PhotoSummary
from verify_service.subjects.model import DocumentType, Sex
from verify_service.tables.model import Difference, RowChanges, Table, TableReport
from verify_service.translations import Language


class RosterValue(msgspec.Struct, frozen=True, rename="camel"):
    """A row's values as they would be stored; None where a cell could not be read."""

    name: str | None = None
    sex: Sex | None = None
    id_number: str | None = None
    phone: str | None = None
    partner: str | None = None
    also_online_host: bool | None = None
    document_type: DocumentType | None = None


class RosterReport(TableReport[RosterValue], frozen=True, rename="camel"):
    """A checked roster; `photos` is None when no photo archive was handed in with it."""

    photos: PhotoSummary | None = None


class RosterImport(msgspec.Struct, frozen=True, kw_only=True):
    """What is imported, where to, how far a refused row stops the rest, and what it may change of what stands."""

    roster: Table
    report: RosterReport
    photos: Mapping[int, bytes]
    """Ready JPEGs by row number."""
    cohort_code: str
    kind: str
    create_partners: bool = False
    accept_valid_rows: bool = False
    language: Language = Language.CHINESE
    """Of the report's sentences."""
    amendment: str | None = None
    """Why the name, sex and partner of people without a certificate may be changed; None where they may not."""


class RosterComparison(msgspec.Struct, frozen=True):
    """The report with what the register adds to it, and with an amendment what it changes of what stands."""

    report: RosterReport
    differences: tuple[Difference, ...] = ()


class ImportOutcome(msgspec.Struct, frozen=True):
    """The report with what the register adds to it, and how many rows changed something or stood already."""

    report: RosterReport
    imported: int = 0
    unchanged: int = 0
    changes: tuple[RowChanges, ...] = ()
    """Of each row that changed something."""
    absent: int = 0
    """People whom the file's partners had enrolled in the cohort before and who are not in the file: left alone."""
