"""A roster as checked, in the shape that `roster check --json` prints."""

import msgspec

from verify_service.photos.model import PhotoSummary
from verify_service.subjects.model import DocumentType, Sex
from verify_service.tables.model import TableReport


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
