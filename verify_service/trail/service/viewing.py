"""What an auditor sees: pages of events, one event, and how the trail as a whole stands."""

import datetime
import json
from typing import Any, Final

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import NotFoundError, ServiceError
from verify_service.settings import Settings
from verify_service.trail.model import EventFilter, HeadRow, StoredEvent, TrailVerdict
from verify_service.trail.queries import viewing as queries
from verify_service.trail.queries.heads import find_newest
from verify_service.trail.service.believing import registered_keys
from verify_service.trail.service.checking import check_register
from verify_service.trail.service.keeping import head_folder, read_notes

PAGE: Final = 50
CHECKED: Final = "trail_checked"
SIGNED_IN: Final = "signed_in"


class EventPage(msgspec.Struct, frozen=True):
    """Events, newest first, and below which number the next page begins; None at the end."""

    events: tuple[StoredEvent, ...]
    next_before: int | None


class TrailState(msgspec.Struct, frozen=True):
    """How the trail stands: the head that was signed last, and what the last check of the whole came to."""

    head: HeadRow | None
    checked_at: datetime.datetime | None
    checked_by: str | None
    fault: str | None
    checked_events: int


class ViewedEvent(msgspec.Struct, frozen=True):
    """One event with its detail opened, and in which network its session began."""

    event: StoredEvent
    detail: dict[str, Any]
    network: str | None


async def view_page(connection: Connection, wanted: EventFilter, before: int | None) -> EventPage:
    """Return a page of events below a number, from the newest where none is given."""
    found = await queries.list_page(connection, wanted, before, PAGE + 1)
    shown = tuple(found[:PAGE])
    return EventPage(shown, shown[-1].number if len(found) > PAGE else None)


async def view_event(connection: Connection, number: int) -> ViewedEvent:
    """Return one event; refuse a number the trail does not have."""
    event = await queries.find_event(connection, number)
    if event is None:
        raise NotFoundError("UNKNOWN_EVENT", "the trail has no event of this number")
    detail: dict[str, Any] = json.loads(event.detail)
    return ViewedEvent(event, detail, detail.get("network") or await _network_of(connection, detail.get("session")))


async def view_state(connection: Connection) -> TrailState:
    """Return how the trail stands, as far as that is written down; nothing is checked."""
    checked = await queries.find_latest(connection, CHECKED)
    detail = {} if checked is None else json.loads(checked.detail)
    return TrailState(
        head=await find_newest(connection),
        checked_at=None if checked is None else checked.occurred_at,
        checked_by=None if checked is None else checked.actor,
        fault=detail.get("fault"),
        checked_events=detail.get("events", 0),
    )


async def check_trail(connection: Connection, settings: Settings, actor: Actor) -> TrailVerdict:
    """Read the whole trail, compare it with all heads at hand, and record what was found and by whom."""
    verdict = await check_register(connection, await registered_keys(connection), _kept_notes(settings))
    fault = verdict.fault
    found = {
        "events": verdict.events,
        "heads": verdict.heads,
        "fault": None if fault is None else fault.kind.value,
        "event": None if fault is None else fault.event,
    }
    await record(connection, actor, AuditEvent(CHECKED, "trail", str(verdict.last_event), found))
    return verdict


async def record_export(connection: Connection, actor: Actor) -> None:
    """Record that somebody takes the whole trail along."""
    await record(connection, actor, AuditEvent("trail_exported", "trail", "all"))


def _kept_notes(settings: Settings) -> list[str]:
    """Return the heads of the folder; where this process may not read it, those of the register must do."""
    folder = head_folder(settings)
    try:
        return read_notes(folder) if folder.is_dir() else []
    except (ServiceError, OSError):
        return []


async def _network_of(connection: Connection, session: object) -> str | None:
    if not isinstance(session, str):
        return None
    for event in await queries.list_about(connection, [session], PAGE):
        if event.action == SIGNED_IN:
            network: str | None = json.loads(event.detail).get("network")
            return network
    return None
