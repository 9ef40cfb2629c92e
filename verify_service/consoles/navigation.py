"""What leads where: the entries of a console's menu, each for whom the table of access lets in."""

from typing import Final

import msgspec

from verify_service.consoles.access import ACCESS
from verify_service.consoles.visitors import Visitor


class Entry(msgspec.Struct, frozen=True):
    """One line of the menu; `key` names its words."""

    path: str
    key: str


STAFF_MENU: Final = (
    Entry("/staff", "menu.home"),
    Entry("/staff/search", "menu.search"),
    Entry("/staff/rosters", "menu.rosters"),
    Entry("/staff/cohorts", "menu.cohorts"),
    Entry("/staff/proposals", "menu.proposals"),
    Entry("/staff/jobs", "menu.jobs"),
    Entry("/staff/deliveries", "menu.deliveries"),
    Entry("/staff/partners", "menu.partners"),
    Entry("/staff/calendar", "menu.calendar"),
    Entry("/staff/audit", "menu.audit"),
    Entry("/staff/accounts", "menu.accounts"),
)
PARTNER_MENU: Final = (
    Entry("/partner", "menu.home"),
    Entry("/partner/rosters", "menu.rosters"),
    Entry("/partner/deliveries", "menu.deliveries"),
    Entry("/partner/trail", "menu.trail"),
)


def is_open(visitor: Visitor, operation: str) -> bool:
    """Tell whether somebody's roles open an operation of the table of access."""
    access = ACCESS.get(operation)
    return access is not None and bool(access.roles & visitor.roles)


def entries_of(visitor: Visitor) -> tuple[Entry, ...]:
    """Return the menu of somebody: what their roles open."""
    menu = STAFF_MENU if visitor.partner_id is None else PARTNER_MENU
    return tuple(entry for entry in menu if is_open(visitor, f"GET {entry.path}"))
