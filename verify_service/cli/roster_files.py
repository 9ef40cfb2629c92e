"""Rosters named on the command line, with or without photos, as checked without the register."""

from collections.abc import Mapping

import msgspec

from verify_service.cli.session import open_file
from verify_service.cli.table_files import TableFile
from verify_service.clock import today_in_shanghai
from verify_service.name_faces import load_name_faces
from verify_service.photos.service import prepare_photos
from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.rosters.rules.photo_checks import photographed_people
from verify_service.settings import Settings
from verify_service.tables.model import Table


class ReadRoster(msgspec.Struct, frozen=True):
    """A checked roster, with ready photos by row."""

    roster: Table
    report: RosterReport
    photos: Mapping[int, bytes]


def read_roster_file(file: TableFile, photos: str | None, settings: Settings, *, for_import: bool) -> ReadRoster:
    """Return a roster file and its photos as checked; an import needs every glyph, and the portraits themselves."""
    language = file.options.language
    table = read_roster(file.sheets(), sheets=file.options.sheets)
    report = check_roster(
        table,
        today=today_in_shanghai(),
        missing_characters=load_name_faces(settings).missing,
        glyphs_required=for_import,
        language=language,
    )
    if photos is None:
        return ReadRoster(table, report, {})
    with open_file(photos) as archive:
        people = photographed_people(report)
        prepared = prepare_photos(archive, people, keep=for_import, language=language)
    return ReadRoster(table, msgspec.structs.replace(report, photos=prepared.summary), prepared.by_row)
