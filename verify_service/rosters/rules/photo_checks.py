"""Which rows of a checked roster have a photo."""

import msgspec

from verify_service.photos.model import PhotoArchive, PhotoMatching, PhotoName
from verify_service.photos.rules.archives import match_photos
from verify_service.rosters.model import RosterReport


def match_roster_photos(report: RosterReport, archive: PhotoArchive) -> tuple[RosterReport, PhotoMatching]:
    """Return the report with its photos counted, and the photo of each row.

    Rows whose name or ID number could not be read are neither matched nor missing until they are corrected.
    """
    people = {
        row.row: PhotoName(name=row.value.name, id_number=row.value.id_number)
        for row in report.rows
        if row.value.name and row.value.id_number
    }
    matching = match_photos(people, archive)
    return msgspec.structs.replace(report, photos=matching.summary), matching
