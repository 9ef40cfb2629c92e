"""Whom each route is open to: one table, in which a route must stand, or the consoles do not start."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from verify_service.accounts.model import STAFF, Role


class Access(msgspec.Struct, frozen=True):
    """Who may ask."""

    roles: frozenset[Role]
    """One of these is needed; empty: nobody needs to be signed in."""
    step_up: bool = False
    """Whether they must have proved who they are a moment ago: what issues, revokes, or changes who may."""


def anybody() -> Access:
    """Return the access of what is asked before anybody is signed in."""
    return Access(frozenset())


def signed_in() -> Access:
    """Return the access of what everybody does for themselves."""
    return Access(frozenset(Role))


def staff(*roles: Role, step_up: bool = False) -> Access:
    """Return the access of staff with one of these roles; without any named, of all staff."""
    return Access(frozenset(roles) or STAFF, step_up)


def partner(*, step_up: bool = False) -> Access:
    """Return the access of partners' users."""
    return Access(frozenset({Role.PARTNER}), step_up)


def of_both_consoles(path: str) -> tuple[str, str]:
    """Return the address of a page that staff and partners have alike."""
    return f"/staff{path}", f"/partner{path}"


def _each(access: Access, *operations: str) -> dict[str, Access]:
    """Return the entries of several operations that are open to the same people."""
    return dict.fromkeys(operations, access)


def _alike(access: Access, *operations: str) -> dict[str, Access]:
    """Return the entries of operations that both consoles have."""
    return {
        f"{method} {address}": access
        for method, _, path in (operation.partition(" ") for operation in operations)
        for address in of_both_consoles(path)
    }


def _proposing(path: str, *roles: Role) -> dict[str, Access]:
    """Return the entries of a form that proposes: already it asks for a recent proof, so that its answer does not."""
    access = staff(*roles, step_up=True)
    return {f"GET {path}": access, f"POST {path}": access}


def _clinics() -> dict[str, Access]:
    """Return the entries of the clinics: rosters, of staff and of partners, and results."""
    draft, row = "/{draft}", "/{draft}/rows/{number}"
    operations = (
        *("GET ", "POST ", f"GET {draft}", f"GET {row}", f"POST {row}", f"POST {row}/removal", f"POST {row}/photo"),
        *(f"POST {draft}/fixes", f"GET {draft}/photos/{{entry}}", f"GET {draft}/workbook", f"POST {draft}/discard"),
    )
    registrars, homes = staff(Role.REGISTRAR), ("/staff/rosters", "/staff/results", "/partner/rosters")
    return {
        f"{method} {home}{path}": partner() if home.startswith("/partner") else registrars
        for home in homes
        for method, _, path in (operation.partition(" ") for operation in operations)
    } | {
        "POST /partner/rosters/{draft}/hand-in": partner(),
        "POST /staff/rosters/{draft}/return": registrars,
        "POST /staff/rosters/{draft}/amendment": registrars,
        "POST /staff/rosters/{draft}/import": registrars,
        "POST /staff/results/{draft}/amendment": registrars,
        "POST /staff/results/{draft}/import": registrars,
    }


ACCESS: Final[Mapping[str, Access]] = {
    **_alike(
        anybody(),
        *("GET /sign-in", "POST /sign-in", "POST /sign-in/passkey-options", "POST /sign-in/passkey"),
        *("GET /invitations/{token}", "POST /invitations/{token}"),
    ),
    **_alike(
        signed_in(),
        *("POST /sign-out", "GET /proof", "POST /proof", "POST /proof/passkey-options", "POST /proof/passkey"),
        *("GET /account", "POST /account/sessions/{session}/end"),
    ),
    **_alike(
        Access(frozenset(Role), step_up=True),
        *("GET /account/password", "POST /account/password"),
        *("GET /account/recovery-codes", "POST /account/recovery-codes"),
        *("GET /account/passkeys", "POST /account/passkeys/options", "POST /account/passkeys"),
        "POST /account/passkeys/{passkey}/remove",
    ),
    **_clinics(),
    "GET /staff": staff(),
    "GET /partner": partner(),
    "GET /staff/accounts": staff(Role.ADMINISTRATOR, Role.APPROVER, Role.AUDITOR),
    "POST /staff/accounts": staff(Role.ADMINISTRATOR, step_up=True),
    "POST /staff/accounts/{account}/roles": staff(Role.ADMINISTRATOR, step_up=True),
    "POST /staff/accounts/{account}/opening": staff(Role.ADMINISTRATOR, step_up=True),
    "POST /staff/accounts/{account}/link": staff(Role.ADMINISTRATOR, step_up=True),
    "POST /staff/accounts/{account}/disable": staff(Role.ADMINISTRATOR, step_up=True),
    "POST /staff/grants/{grant}": staff(Role.ADMINISTRATOR, Role.APPROVER, step_up=True),
    **_proposing("/staff/cohorts/{code}/issue", Role.ISSUER),
    **_proposing("/staff/cohorts/{code}/revoke", Role.ISSUER, Role.REGISTRAR),
    **_proposing("/staff/certificates/{number}/revoke", Role.ISSUER, Role.REGISTRAR),
    **_proposing("/staff/certificates/{number}/correct", Role.ISSUER, Role.REGISTRAR),
    "GET /staff/certificates/{number}": staff(Role.REGISTRAR, Role.ISSUER, Role.APPROVER, Role.AUDITOR),
    "GET /staff/certificates/{number}/pdf/{edition}": staff(Role.REGISTRAR, Role.ISSUER, Role.APPROVER),
    "GET /staff/certificates/{number}/phone": staff(Role.REGISTRAR),
    "POST /staff/certificates/{number}/phone": staff(Role.REGISTRAR),
    "GET /staff/proposals": staff(Role.REGISTRAR, Role.ISSUER, Role.APPROVER, Role.AUDITOR),
    "GET /staff/proposals/{proposal}": staff(Role.REGISTRAR, Role.ISSUER, Role.APPROVER, Role.AUDITOR),
    "POST /staff/proposals/{proposal}/approve": staff(Role.APPROVER, step_up=True),
    "POST /staff/proposals/{proposal}/reject": staff(Role.APPROVER, step_up=True),
    "POST /staff/proposals/{proposal}/withdraw": staff(Role.ISSUER, Role.REGISTRAR),
    "GET /staff/jobs": staff(Role.REGISTRAR, Role.ISSUER, Role.APPROVER, Role.AUDITOR),
    "GET /staff/jobs/{job}": staff(Role.REGISTRAR, Role.ISSUER, Role.APPROVER, Role.AUDITOR),
    "GET /staff/jobs/{job}/events": staff(Role.REGISTRAR, Role.ISSUER, Role.APPROVER, Role.AUDITOR),
    "POST /staff/jobs/{job}/pause": staff(Role.ISSUER, Role.APPROVER),
    "POST /staff/jobs/{job}/resume": staff(Role.ISSUER, Role.APPROVER),
    "POST /staff/jobs/{job}/cancel": staff(Role.ISSUER, Role.APPROVER),
    **_each(
        staff(),
        *("GET /staff/cohorts", "GET /staff/cohorts/{code}", "GET /staff/codes"),
        *("GET /staff/calendar", "GET /staff/partners"),
        *("GET /staff/deliveries", "GET /staff/deliveries/{delivery}"),
    ),
    **_each(
        staff(Role.REGISTRAR),
        *("POST /staff/cohorts", "POST /staff/cohorts/{code}/plan"),
        *("POST /staff/cohorts/{code}/codes", "POST /staff/cohorts/{code}/codes/reissue", "POST /staff/codes/redeem"),
        *("GET /staff/cohorts/{code}/codes/{partner}", "POST /staff/cohorts/{code}/codes/{partner}/received"),
        *("POST /staff/deliveries", "POST /staff/deliveries/{delivery}/add"),
        *("POST /staff/deliveries/{delivery}/take-out", "POST /staff/deliveries/{delivery}/send"),
        *("POST /staff/deliveries/{delivery}/receive", "POST /staff/deliveries/{delivery}/return"),
        "POST /staff/deliveries/{delivery}/cancel",
    ),
    **_each(
        staff(Role.REGISTRAR, Role.ADMINISTRATOR),
        *("POST /staff/calendar/preview", "POST /staff/calendar"),
        *("POST /staff/partners", "POST /staff/partners/alias", "POST /staff/partners/rename"),
    ),
    "GET /partner/cohorts/{code}": partner(),
    "GET /partner/cohorts/{code}/codes": partner(),
    "POST /partner/cohorts/{code}/codes": partner(),
    "GET /partner/cohorts/{code}/codes.xlsx": partner(),
    "POST /partner/cohorts/{code}/codes/received": partner(),
    "GET /partner/cohorts/{code}/certificates.zip": partner(),
    "GET /partner/downloads/{download}": partner(),
    "GET /partner/trainees/{enrolment_id}": partner(),
    "GET /partner/certificates/{number}": partner(),
    "GET /partner/certificates/{number}/certificate.pdf": partner(),
    "GET /partner/deliveries": partner(),
    "GET /partner/deliveries/{delivery}": partner(),
    **_each(
        staff(),
        *("GET /staff/search", "POST /staff/search"),
        *("GET /staff/people/{subject}", "POST /staff/people/{subject}/numbers"),
    ),
    **_each(
        staff(Role.ADMINISTRATOR, step_up=True),
        *("GET /staff/people/{subject}/erasure", "POST /staff/people/{subject}/erasure"),
    ),
    **_each(
        staff(Role.AUDITOR, Role.ADMINISTRATOR),
        *("GET /staff/audit", "GET /staff/audit/{number}", "POST /staff/audit/check", "POST /staff/audit/export"),
    ),
    "GET /partner/trail": partner(),
}


_PAGES: Final = re.compile(
    "|".join(
        re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(operation.removeprefix("GET ")))
        for operation in ACCESS
        if operation.startswith("GET ")
    )
)


def page_above(path: str) -> str:
    """Return the page at an address or the nearest above it: where the form stands that was sent there."""
    while path and not _PAGES.fullmatch(path):
        path = path.rpartition("/")[0]
    return path


def is_opened_by_proof(operation: str) -> bool:
    """Tell whether the page on which an operation's form stands asks for a recent proof before it shows the form."""
    page = ACCESS.get(f"GET {page_above(operation.partition(' ')[2])}")
    return page is not None and page.step_up


def operations_of(paths: Iterable[str], methods: Iterable[str]) -> list[str]:
    """Return the entries that a handler with these path templates and methods has in the table."""
    return [f"{method} {path}" for path in sorted(paths) for method in sorted(methods)]
