"""The pages of partners, and what they share in one process."""

from typing import Final

from litestar.di import Provide

from verify_service.portal.routes.certificates import (
    send_archive,
    send_certificate,
    show_own_certificate,
    show_progress,
)
from verify_service.portal.routes.codes import draw_own_codes, forget_codes, send_codes, show_codes
from verify_service.portal.routes.cohorts import show_own_cohort, show_own_cohorts
from verify_service.portal.routes.deliveries import show_own_deliveries, show_own_delivery
from verify_service.portal.routes.downloads import Downloads
from verify_service.portal.routes.trainees import show_trainee

PORTAL_ROUTES: Final = (
    *(show_own_cohorts, show_own_cohort, show_trainee),
    *(show_codes, draw_own_codes, send_codes, forget_codes),
    *(show_own_certificate, send_certificate, send_archive, show_progress),
    *(show_own_deliveries, show_own_delivery),
)


def portal_state() -> dict[str, Provide]:
    """Return what the pages of one application are lent: what is being sent."""
    downloads = Downloads()

    def provide_downloads() -> Downloads:
        return downloads

    return {"downloads": Provide(provide_downloads, sync_to_thread=False)}
