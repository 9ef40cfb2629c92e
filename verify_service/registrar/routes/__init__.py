"""`/staff/…`: classes, redemption codes, the calendar, partners."""

from typing import Final

from verify_service.registrar.routes.calendar import enter_year, preview_year, show_calendar
from verify_service.registrar.routes.codes import (
    draw_codes,
    forget_kept_codes,
    redeem_code,
    replace_codes,
    send_kept_codes,
    show_codes,
)
from verify_service.registrar.routes.cohorts import open_class, plan_class, show_cohort, show_cohorts
from verify_service.registrar.routes.partners import add_name, register, rename, show_partners

REGISTRAR_ROUTES: Final = (
    show_cohorts,
    open_class,
    show_cohort,
    plan_class,
    show_codes,
    redeem_code,
    draw_codes,
    send_kept_codes,
    forget_kept_codes,
    replace_codes,
    show_calendar,
    preview_year,
    enter_year,
    show_partners,
    register,
    add_name,
    rename,
)
