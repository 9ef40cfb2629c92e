"""Pages of the clinics: rosters for staff and partners, results for staff."""

from typing import Final

from verify_service.drafts.routes.deciding import ask_amendment, discard_draft, hand_in_draft, import_one, return_draft
from verify_service.drafts.routes.treating import (
    accept_fixes,
    assign_photo,
    download_workbook,
    fill_in_row,
    remove_row,
    show_draft,
    show_photo,
    show_row,
)
from verify_service.drafts.routes.uploading import show_drafts, upload_draft

DRAFTS_ROUTES: Final = (
    show_drafts,
    upload_draft,
    show_draft,
    show_row,
    fill_in_row,
    remove_row,
    assign_photo,
    accept_fixes,
    show_photo,
    download_workbook,
    hand_in_draft,
    return_draft,
    ask_amendment,
    import_one,
    discard_draft,
)
