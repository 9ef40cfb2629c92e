"""Reading a whole trail, of the register or of a file, and comparing it with every head there is of it."""

from collections.abc import AsyncIterator, Collection, Iterable
from pathlib import Path
from typing import BinaryIO, Final

from signing import VerifierKey
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.trail.model import Fault, FaultKind, KeptHead, StoredEvent, TrailVerdict
from verify_service.trail.queries.events import read_events
from verify_service.trail.queries.heads import list_notes
from verify_service.trail.rules.chain import ChainCheck
from verify_service.trail.rules.exports import MAX_LINE_BYTES, HeadLine, event_line, head_line, parse_line
from verify_service.trail.rules.heads import ForgedHeadError, verified_head
from verify_service.trail.service.keeping import read_notes

LINES_AT_ONCE: Final = 500


def notes_in(places: Iterable[Path]) -> list[str]:
    """Return the notes of files and folders of heads; refuse a place that has none."""
    found = []
    for place in places:
        notes = read_notes(place)
        if not notes:
            raise UsageError("NO_HEADS", f"{place} holds no heads of an audit trail")
        found += notes
    return found


async def check_register(
    connection: Connection, keys: Collection[VerifierKey], notes: Iterable[str] = ()
) -> TrailVerdict:
    """Return how the register's trail stands against its own heads and against `notes` that were kept elsewhere."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        own = await list_notes(connection)
        heads, forged = _believed([*own, *notes], keys)
        return await _check(read_events(connection), heads, forged)


async def check_file(file: BinaryIO, keys: Collection[VerifierKey], notes: Iterable[str] = ()) -> TrailVerdict:
    """Return how an exported trail stands against the heads in the file and `notes`; refuse another file."""
    own = [line.note for line in _lines(file) if isinstance(line, HeadLine)]
    file.seek(0)
    heads, forged = _believed([*own, *notes], keys)

    async def events() -> AsyncIterator[StoredEvent]:
        for line in _lines(file):
            if isinstance(line, StoredEvent):
                yield line

    return await _check(events(), heads, forged)


async def export_lines(connection: Connection) -> AsyncIterator[bytes]:
    """Yield a JSON object a line, many lines at a time: every event as they stand now, then every head.

    What is written so is checked by `audit verify FILE`.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        gathered = list[bytes]()
        async for event in read_events(connection):
            gathered.append(event_line(event))
            if len(gathered) == LINES_AT_ONCE:
                yield b"".join(gathered)
                gathered.clear()
        gathered += [head_line(note) for note in await list_notes(connection)]
        yield b"".join(gathered)


def _lines(file: BinaryIO) -> Iterable[StoredEvent | HeadLine]:
    for place, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES), b""), start=1):
        yield parse_line(line, place)


def _believed(notes: Iterable[str], keys: Collection[VerifierKey]) -> tuple[list[KeptHead], Fault | None]:
    """Return the heads that were signed, each once, and the fault of the first that was not."""
    heads, forged = [], None
    for note in dict.fromkeys(notes):
        try:
            heads.append(verified_head(note, keys))
        except ForgedHeadError as error:
            forged = forged or Fault(FaultKind.HEAD_FORGED, error.event, error.event)
    return heads, forged


async def _check(events: AsyncIterator[StoredEvent], heads: Iterable[KeptHead], forged: Fault | None) -> TrailVerdict:
    """Return the verdict; what is wrong with the events themselves counts before a head nobody signed."""
    check = ChainCheck(kept.head for kept in heads)
    async for event in events:
        check.read(event)
    verdict = check.verdict()
    if verdict.fault is None and forged is not None:
        return TrailVerdict(verdict.events, verdict.heads, verdict.last_event, verdict.signed_through, forged)
    return verdict
