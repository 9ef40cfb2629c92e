"""The people and certificates of a class, a page of them opened; whoever reads them leaves a trace."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.redemption_codes.model import HeldCode
from verify_service.redemption_codes.queries.standing import list_held_codes
from verify_service.registrar import queries
from verify_service.registrar.model import Entry, IssuedCertificate, Page, Tab, Trainee
from verify_service.registrar.rules import PAGE_LINES, entry_state, page_of
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.service import OpenedSubject

ID_NUMBER_TAIL = 4


class People(msgspec.Struct, frozen=True):
    """A page of a class's people."""

    trainees: tuple[Trainee, ...]
    page: Page
    lines: int


class Certificates(msgspec.Struct, frozen=True):
    """A page of a class's certificates."""

    certificates: tuple[IssuedCertificate, ...]
    page: Page
    lines: int


class CodeHolder(msgspec.Struct, frozen=True):
    """One person and how that person's code stands."""

    name: str
    id_number_tail: str
    code: HeldCode


class CodeHolders(msgspec.Struct, frozen=True):
    """A page of a class's people with their codes."""

    holders: tuple[CodeHolder, ...]
    page: Page
    lines: int

    @property
    def has_replaceable(self) -> bool:
        """Tell whether any code on the page can be replaced: one that was shown, and not redeemed."""
        return any(not one.code.is_unlisted and one.code.redeemed_at is None for one in self.holders)


async def read_people(
    connection: Connection, secrets: Secrets, actor: Actor, cohort_id: UUID, asked: int, *, with_open_make_up: bool
) -> People:
    """Return a page of a class's people, or of those who may still sit a make-up, and how far each has come."""
    lines = await queries.count_enrolled(connection, cohort_id, with_open_make_up=with_open_make_up)
    page = page_of(asked, lines)
    rows = await queries.list_enrolled(
        connection, cohort_id, with_open_make_up=with_open_make_up, limit=PAGE_LINES, offset=_offset(page)
    )
    entries: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for entry in await queries.list_entries(connection, [row.enrolment_id for row in rows]):
        entries[entry.enrolment_id].append(entry)
    people = await _open(connection, secrets, actor, cohort_id, Tab.TRAINEES, [row.subject_id for row in rows])
    trainees = tuple(
        Trainee(
            enrolment_id=row.enrolment_id,
            subject_id=row.subject_id,
            name=people[row.subject_id].person.name,
            id_number_tail=_tail(people[row.subject_id]),
            partner=row.partner,
            has_photo=row.has_photo,
            entries=tuple((one, entry_state(one, has_photo=row.has_photo)) for one in entries[row.enrolment_id]),
        )
        for row in rows
        if row.subject_id in people  # erased a moment ago
    )
    return People(trainees, page, lines)


async def read_certificates(
    connection: Connection, secrets: Secrets, actor: Actor, cohort_id: UUID, asked: int
) -> Certificates:
    """Return a page of a class's certificates with the names they stand for."""
    lines = await queries.count_certificates(connection, cohort_id)
    page = page_of(asked, lines)
    rows = await queries.list_certificates(connection, cohort_id, limit=PAGE_LINES, offset=_offset(page))
    people = await _open(connection, secrets, actor, cohort_id, Tab.CERTIFICATES, [row.subject_id for row in rows])
    certificates = tuple(
        IssuedCertificate(
            number=row.number,
            kind=row.kind,
            subject_id=row.subject_id,
            name=people[row.subject_id].person.name if row.subject_id in people else None,
            status=row.status,
            issued_at=row.issued_at,
            successor=row.successor,
        )
        for row in rows
    )
    return Certificates(certificates, page, lines)


async def read_code_holders(
    connection: Connection, secrets: Secrets, actor: Actor, cohort_id: UUID, asked: int
) -> CodeHolders:
    """Return a page of a class's people with how their codes stand; no code is opened."""
    lines = await queries.count_enrolled(connection, cohort_id, with_open_make_up=False)
    page = page_of(asked, lines)
    codes = await list_held_codes(connection, cohort_id, limit=PAGE_LINES, offset=_offset(page))
    people = await _open(connection, secrets, actor, cohort_id, Tab.CODES, [code.subject_id for code in codes])
    holders = tuple(
        CodeHolder(people[code.subject_id].person.name, _tail(people[code.subject_id]), code)
        for code in codes
        if code.subject_id in people
    )
    return CodeHolders(holders, page, lines)


async def _open(
    connection: Connection, secrets: Secrets, actor: Actor, cohort_id: UUID, tab: Tab, subject_ids: Sequence[UUID]
) -> dict[UUID, OpenedSubject]:
    """Return people opened, and write down that somebody saw so many of this class."""
    people = await subjects.find_by_ids(connection, secrets, list(dict.fromkeys(subject_ids)))
    if people:
        detail = {"page": tab, "people": len(people)}
        await record(connection, actor, AuditEvent("people_viewed", "cohort", str(cohort_id), detail))
    return people


def _tail(subject: OpenedSubject) -> str:
    return subject.person.id_number[-ID_NUMBER_TAIL:]


def _offset(page: Page) -> int:
    return (page.number - 1) * PAGE_LINES
