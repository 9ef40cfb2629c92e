"""Whose photos a checked roster asks for."""

from collections.abc import Mapping

from verify_service.photos.model import PhotoName
from verify_service.rosters.model import RosterReport


def photographed_people(report: RosterReport) -> Mapping[int, PhotoName]:
    """Return who is to have a photo, by data row.

    Rows whose name or ID number could not be read are left out: their photos are neither matched nor missing until
    they are corrected.
    """
    return {
        row.row: PhotoName(name=row.value.name, id_number=row.value.id_number)
        for row in report.rows
        if row.value.name and row.value.id_number
    }
