"""The print gate: each file is looked at before it leaves. What is found stands in the register, so a run goes on."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from verify_service.audit.model import AuditEvent
from verify_service.audit.service import record
from verify_service.confinement.parent import ConfinedError, stream_confined
from verify_service.confinement.protocol import Limits
from verify_service.credentials.model import Standing
from verify_service.credentials.queries import standing as credentials
from verify_service.documents import queries
from verify_service.documents.model import DrawnCertificate, Edition, HeldCertificate, PrintedCertificate
from verify_service.documents.rules.prints import PASSED, inspect_prints
from verify_service.documents.service.drawing import LOGO_MISSING, SEAL_MISSING, Studio, draw
from verify_service.errors import ServiceError

BATCH: Final = 32
"""So many files are in memory at once, and so many are looked at again after a crash."""
LIMITS: Final = Limits(memory_bytes=256 << 20, seconds=60)
NOT_DRAWN: Final = "PRINT_NOT_DRAWN"
UNREADABLE: Final = "PRINT_UNREADABLE"


async def print_cohort(
    studio: Studio, cohort_code: str, edition: Edition
) -> AsyncIterator[PrintedCertificate | HeldCertificate]:
    """Yield a cohort's valid certificates as files that passed the gate, by number, and those that are held."""
    async with studio.connection.transaction():
        rows = [row.standing async for row in credentials.list_all(studio.connection, cohort_code)]
    valid = [standing for standing in rows if standing.status == "valid"]
    for at in range(0, len(valid), BATCH):
        for one in await print_certificates(studio, valid[at : at + BATCH], edition):
            yield one


async def print_certificates(
    studio: Studio, standings: Sequence[Standing], edition: Edition
) -> list[PrintedCertificate | HeldCertificate]:
    """Return certificates as files that passed the gate, and those that are held; both are on record then.

    One that is held stands in the audit trail as `print_held`, for alarms. The next run looks at it again: what was
    wrong may have been mended.
    """
    drawn = [await _try_drawing(studio, standing, edition) for standing in standings]
    ready = [one for one in drawn if isinstance(one, DrawnCertificate)]
    passed = await queries.find_passed(studio.connection, [one.credential_id for one in ready], edition)
    unseen = [one for one in ready if (one.credential_id, one.digest) not in passed]
    found = dict(zip((one.credential_id for one in unseen), await _inspect(unseen), strict=True))
    printed: list[PrintedCertificate | HeldCertificate] = []
    checks: list[tuple[UUID, bytes | None, str | None]] = []
    for standing, one in zip(standings, drawn, strict=True):
        reason = found.get(standing.credential_id, PASSED)
        if isinstance(one, HeldCertificate):
            printed.append(one)
            checks.append((standing.credential_id, None, one.reason))
        elif reason == PASSED:
            printed.append(PrintedCertificate(one, passed_before=standing.credential_id not in found))
            if standing.credential_id in found:
                checks.append((standing.credential_id, one.digest, None))
        else:
            printed.append(HeldCertificate(standing.certificate_number, reason))
            checks.append((standing.credential_id, one.digest, reason))
    await _record(studio, edition, checks, [one for one in printed if isinstance(one, HeldCertificate)])
    return printed


async def _try_drawing(studio: Studio, standing: Standing, edition: Edition) -> DrawnCertificate | HeldCertificate:
    try:
        return await draw(studio, standing, edition)
    except ServiceError as error:
        if error.code in {SEAL_MISSING, LOGO_MISSING}:  # nothing is wrong with the certificate
            return HeldCertificate(standing.certificate_number, error.code, error.message)
        return HeldCertificate(standing.certificate_number, NOT_DRAWN, f"{error.code}: {error.message}")


async def _inspect(files: Sequence[DrawnCertificate]) -> list[str]:
    """Return for each file why it is held, or `PASSED`; two processes look at them."""
    half = (len(files) + 1) // 2
    halves = [part for part in (files[:half], files[half:]) if part]
    found = await asyncio.gather(*(asyncio.to_thread(_inspect_confined, part) for part in halves))
    return [reason for part in found for reason in part]


def _inspect_confined(files: Sequence[DrawnCertificate]) -> list[str]:
    """Have a confined process look at the files; one that brings it down is held, and the rest go on in another."""
    found: list[str] = []
    while len(found) < len(files):
        rest = files[len(found) :]
        with tempfile.TemporaryFile() as joined:
            for one in rest:
                joined.write(one.data)
            joined.flush()
            sizes, expected = [len(one.data) for one in rest], [one.expected for one in rest]
            try:
                found.extend(stream_confined(inspect_prints, LIMITS, joined, sizes, expected))
            except ConfinedError:
                found.append(UNREADABLE)
    return found


async def _record(
    studio: Studio,
    edition: Edition,
    checks: list[tuple[UUID, bytes | None, str | None]],
    held: Sequence[HeldCertificate],
) -> None:
    async with studio.connection.transaction():
        await queries.add_checks(studio.connection, edition, checks)
        events = [
            AuditEvent("print_held", "certificate", one.number, {"edition": edition.value, "reason": one.reason})
            for one in held
        ]
        if events:
            await record(studio.connection, studio.actor, *events)
