"""A register of many certificates, written straight into the tables: what a lookup reads is real, sealed bytes are not.

Going through issuing would take minutes; lookups never open a sealed field, so random bytes stand in for them.
"""

import secrets
from collections.abc import Sequence

from ops.bench.people import invent_people
from signing import format_certificate_number
from verify_service.audit.service import approve
from verify_service.cli.session import OperatorSession
from verify_service.cohorts.service import open_cohort
from verify_service.credentials.queries.issuing import CREDENTIAL_COLUMNS, LOOKUP_KEY_COLUMNS, get_instant
from verify_service.credentials.rules.lookup_keys import Facts, lookup_hmacs
from verify_service.credentials.service.templates import freeze_template
from verify_service.database import connected, new_row_id
from verify_service.partners import service as partners
from verify_service.subjects.model import Person

SEALED = bytes(64)


async def fill_register(session: OperatorSession, count: int) -> list[Person]:
    """Write `count` people with a certificate each, and return them."""
    people = list(invent_people(count))
    await add_people(session, people)
    return people


async def add_people(session: OperatorSession, people: Sequence[Person]) -> None:
    """Write these people with a certificate each."""
    desk = await session.desk()
    connection = session.connection
    async with connection.transaction():
        cohort_id = await open_cohort(connection, session.actor, "BENCH")
        partner_id = await partners.add_partner(connection, session.actor, "基准测试学校")
        approval = await approve(connection, session.actor, "issue")
        digest = await freeze_template(connection, desk.templates["omnimedia_operator"])
        issued_at, _ = await get_instant(connection)
        rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES}
        signatures = []
        for serial, person in enumerate(people):
            subject, enrolment, entry, credential = (new_row_id() for _ in range(4))
            number = format_certificate_number("QMT", 2020 + serial // 999_000, serial % 999_000 + 1)
            rows["subject"].append((subject, "resident", secrets.token_bytes(32), 1, SEALED, SEALED, SEALED, SEALED))
            rows["subject_key"].append((subject, "field-1", SEALED))
            rows["enrolment"].append((enrolment, subject, cohort_id, partner_id))
            rows["exam_entry"].append((entry, enrolment, "omnimedia_operator"))
            rows["credential"].append(
                (
                    *(credential, entry, 1, None, subject, "omnimedia_operator", number, secrets.token_bytes(10)),
                    *(serial // 131_072, serial % 131_072, desk.credential_key.key_id, desk.qr_key.key_id, digest),
                    *(None, approval.approval_id, issued_at, SEALED, SEALED, SEALED, SEALED),
                )
            )
            signatures.append((credential, SEALED, SEALED))
            facts = Facts(name=person.name, id_number=person.id_number, phone=person.phone)
            hmacs = lookup_hmacs(desk.secrets.index[0], facts)
            rows["lookup_key"] += [(credential, pair.value, 1, hmac) for pair, hmac in hmacs.items()]
        for table, columns in TABLES.items():
            await connection.copy_records_to_table(table, records=rows[table], columns=columns)
    async with connected(session.signer_url, "SIGNER_DATABASE_URL") as signer:  # nobody else may write signatures
        await signer.copy_records_to_table("credential_signature", records=signatures, columns=SIGNATURE_COLUMNS)


TABLES: dict[str, Sequence[str]] = {
    "subject": (
        *("subject_id", "document_type", "id_number_index", "key_version"),
        *("sealed_name", "sealed_sex", "sealed_id_number", "sealed_phone"),
    ),
    "subject_key": ("subject_id", "kek_id", "wrapped"),
    "enrolment": ("enrolment_id", "subject_id", "cohort_id", "partner_id"),
    "exam_entry": ("exam_entry_id", "enrolment_id", "kind"),
    "credential": CREDENTIAL_COLUMNS,
    "lookup_key": LOOKUP_KEY_COLUMNS,
}
SIGNATURE_COLUMNS = ("credential_id", "sealed_record", "sealed_qr")
