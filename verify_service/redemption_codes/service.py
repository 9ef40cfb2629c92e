"""Redemption codes: added at enrolment, handed out once, replaced, redeemed once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection
from verify_service.errors import ConflictError, FieldError, UsageError
from verify_service.partners.service import find_partners
from verify_service.redemption_codes.model import HandedCode, Partner, Redemption, RedemptionOutcome
from verify_service.redemption_codes.queries import codes as queries
from verify_service.redemption_codes.queries.codes import HeldRow
from verify_service.redemption_codes.rules.codes import new_redemption_code, parse_code
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import SubjectCipher, blind_index
from verify_service.subjects import service as subjects
from verify_service.subjects.model import IdNumber


async def add_codes(connection: Connection, secrets: Secrets, ciphers: Mapping[UUID, SubjectCipher]) -> None:
    """Give enrolments their codes, each sealed under its person's cipher until a list hands it out."""
    rows = []
    for enrolment_id, cipher in ciphers.items():
        code = new_redemption_code()
        rows.append((enrolment_id, *_newest_index(secrets, code), _seal(cipher, code, enrolment_id)))
    await queries.add_codes(connection, rows)


async def require_partner(connection: Connection, cohort_id: UUID, name: str | None) -> Partner:
    """Return the partner of a cohort who bears this name in any spelling, or its only one where no name is given."""
    partners = await queries.list_partners(connection, cohort_id)
    if name is not None:
        named = (await find_partners(connection, [name])).values()
        partners = [partner for partner in partners if partner.partner_id in named]
        if not partners:
            raise UsageError("UNKNOWN_PARTNER", "the partner named has nobody in the cohort")
    if not partners:
        raise UsageError("COHORT_EMPTY", "nobody is enrolled in the cohort")
    if len(partners) > 1:
        names = ", ".join(partner.name for partner in partners)
        raise UsageError("PARTNER_REQUIRED", f"the cohort has several partners, add --partner with one of: {names}")
    return partners[0]


async def hand_out_codes(
    connection: Connection,
    secrets: Secrets,
    actor: Actor,
    *,
    cohort_id: UUID,
    partner_id: UUID,
    may_renew: bool = True,
) -> tuple[HandedCode, ...]:
    """Return the codes of a partner's people that no list has handed out, and forget them: only HMACs remain.

    What is returned must be kept, as it will be read, before the caller's transaction ends, or it is lost. Whoever was
    erased from the register has no code to hand out. A code of version 0.1.0 may have to be made anew: without
    `may_renew` it is left for a list of the centre's.
    """
    await subjects.hold_registration(connection)
    rows = await queries.hold_unlisted(connection, cohort_id, partner_id)
    people = await subjects.find_by_ids(connection, secrets, [row.subject_id for row in rows])
    handed, forgotten = [], []
    for row in rows:
        subject = people.get(row.subject_id)
        if subject is None:
            forgotten.append(row.enrolment_id)
            continue
        # Sealed under the person's own key for this very row: a code beside another name would not open.
        code = subject.cipher.open(row.sealed_code, "redemption_code:sealed_code", row.enrolment_id).decode()
        if not _is_well_formed(code):
            if not may_renew:
                continue
            code = await _renew(connection, secrets, subject.cipher, row.enrolment_id)
        handed.append(HandedCode(subject.person.name, subject.person.id_number, code))
        forgotten.append(row.enrolment_id)
    if handed:
        await queries.clear_sealed_codes(connection, forgotten)
        detail = {"count": len(handed), "partner": str(partner_id)}
        await record(connection, actor, AuditEvent("redemption_codes_listed", "cohort", str(cohort_id), detail))
    return tuple(handed)


async def reissue_code(
    connection: Connection, secrets: Secrets, actor: Actor, *, cohort_id: UUID, id_number: IdNumber, note: str
) -> None:
    """Replace a person's code by one that waits for the next list; refuse a code that was redeemed.

    The old code answers as replaced from then on.
    """
    await subjects.hold_registration(connection)
    subject_id = await subjects.find_id(connection, secrets, id_number)
    held = None if subject_id is None else await queries.hold_code(connection, cohort_id, subject_id)
    if held is None:
        raise UsageError("NOT_ENROLLED", "nobody with this ID number is enrolled in the cohort")
    await _reissue(connection, secrets, actor, [held], note)


async def reissue_codes(
    connection: Connection, secrets: Secrets, actor: Actor, *, cohort_id: UUID, enrolment_ids: Sequence[UUID], note: str
) -> None:
    """Replace the codes of several people, such as a whole list that was lost; each waits for the next list.

    Refuses all where one was redeemed, or is nobody's of the class.
    """
    async with connection.transaction():
        await subjects.hold_registration(connection)
        held = await queries.hold_codes(connection, cohort_id, enrolment_ids)
        if not held or len(held) != len(set(enrolment_ids)):
            raise UsageError("NOT_ENROLLED", "choose people of the class")
        await _reissue(connection, secrets, actor, held, note)


async def reissue_list(
    connection: Connection, secrets: Secrets, actor: Actor, *, cohort_id: UUID, partner_id: UUID, note: str
) -> int:
    """Replace every code of a partner's people that was handed out and not redeemed, and return how many they were."""
    async with connection.transaction():
        await subjects.hold_registration(connection)
        held = await queries.hold_handed_out(connection, cohort_id, partner_id)
        await _reissue(connection, secrets, actor, held, note)
    return len(held)


async def redeem(connection: Connection, secrets: Secrets, actor: Actor, code: str) -> Redemption:
    """Redeem a code that `parse_code` has read, once however many try at once, and say what became of it."""
    indexes = _indexes(secrets, code)
    redeemed = await queries.redeem_code(connection, indexes)
    if redeemed is not None:
        await record(connection, actor, AuditEvent("redemption_code_redeemed", "enrolment", str(redeemed.enrolment_id)))
        return Redemption(RedemptionOutcome.REDEEMED, redeemed.cohort, redeemed.redeemed_at)
    redeemed_at = await queries.find_redeemed_at(connection, indexes)
    if redeemed_at is not None:
        return Redemption(RedemptionOutcome.ALREADY_REDEEMED, redeemed_at=redeemed_at)
    if await queries.is_replaced(connection, indexes):
        return Redemption(RedemptionOutcome.REPLACED)
    return Redemption(RedemptionOutcome.UNKNOWN)


async def _reissue(connection: Connection, secrets: Secrets, actor: Actor, held: Sequence[HeldRow], note: str) -> None:
    if any(one.redeemed_at is not None for one in held):
        raise ConflictError("CODE_REDEEMED", "the code was redeemed already and stands")
    people = await subjects.find_by_ids(connection, secrets, [one.subject_id for one in held])
    if any(one.subject_id not in people for one in held):
        raise UsageError("NOT_ENROLLED", "the person was erased from the register")
    events = []
    for one in held:
        cipher = people[one.subject_id].cipher
        approval = await approve(connection, actor, "reissue_code", note=note, cipher=cipher)
        await queries.add_replaced_code(connection, one)
        await _renew(connection, secrets, cipher, one.enrolment_id)
        detail = {"approval": str(approval.approval_id)}
        events.append(AuditEvent("redemption_code_replaced", "enrolment", str(one.enrolment_id), detail))
    if events:
        await record(connection, actor, *events)


async def _renew(connection: Connection, secrets: Secrets, cipher: SubjectCipher, enrolment_id: UUID) -> str:
    code = new_redemption_code()
    code_index, key_version = _newest_index(secrets, code)
    await queries.replace_code(
        connection,
        enrolment_id=enrolment_id,
        code_index=code_index,
        key_version=key_version,
        sealed_code=_seal(cipher, code, enrolment_id),
    )
    return code


def _is_well_formed(code: str) -> bool:
    """Tell a code of today from one of version 0.1.0, whose check character may fold away; nobody has seen those."""
    try:
        return parse_code(code) == code
    except FieldError:
        return False


def _seal(cipher: SubjectCipher, code: str, enrolment_id: UUID) -> bytes:
    return cipher.seal(code.encode(), "redemption_code:sealed_code", enrolment_id)


def _newest_index(secrets: Secrets, code: str) -> tuple[bytes, int]:
    """Return what a new code is stored under: its HMAC, and the version of the secret."""
    return _indexes(secrets, code)[0], secrets.subject[0].version


def _indexes(secrets: Secrets, code: str) -> Sequence[bytes]:
    """Return the code's HMAC under every version of the secret, that for new codes first."""
    return [blind_index(key, "redemption code", code) for key in secrets.subject]
