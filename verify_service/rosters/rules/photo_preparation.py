"""From matched photo files to the portraits that are stored."""

import msgspec

from verify_service.photos.model import PhotoArchive, PhotoError
from verify_service.photos.rules.archives import read_photos
from verify_service.photos.rules.pictures import normalise_photo
from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.photo_checks import match_roster_photos


def prepare_photos(report: RosterReport, archive: PhotoArchive) -> tuple[RosterReport, dict[int, bytes]]:
    """Return the report with its photos counted, and a ready JPEG for each row that has a usable one.

    A file that breaks while it is decoded leaves its row without a photo and is listed as unexpected, so that
    somebody looks.
    """
    matched, matching = match_roster_photos(report, archive)
    ready: dict[int, bytes] = {}
    broken: dict[int, str] = {}
    files = read_photos(archive, matching.by_row.values())
    for (row, photo), data in zip(matching.by_row.items(), files, strict=True):
        try:
            ready[row] = normalise_photo(data)
        except PhotoError:
            broken[row] = photo.file_name
    summary = msgspec.structs.replace(
        matching.summary,
        matched=len(ready),
        missing=tuple(sorted((*matching.summary.missing, *broken))),
        unexpected=(*matching.summary.unexpected, *broken.values()),
    )
    return msgspec.structs.replace(matched, photos=summary), ready
