"""What must hold of every register, whatever happened to it: nothing lost, nothing twice, no gap, everything signed."""

from collections.abc import Sequence

import asyncpg

from signing import (
    TrustedKeys,
    badge_from_record,
    format_token,
    parse_certificate_number,
    verify_badge,
    verify_qr,
    verify_record,
)
from signing.credential import STATUS_LIST_ENTRIES
from verify_service.database import Connection
from verify_service.keys import queries as key_queries
from verify_service.keys import service as keys
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key

SELECT_CREDENTIALS = """
select credential.credential_id, credential.subject_id, exam_entry_id, version, certificate_number, token, status_list,
       status_index, kek_id, wrapped, sealed_record, sealed_qr, sealed_signature
  from credential
  join subject_key on subject_key.subject_id = credential.subject_id
  left join credential_signature on credential_signature.credential_id = credential.credential_id
  left join open_badge_proof on open_badge_proof.credential_id = credential.credential_id
"""
SELECT_OCCUPIED = "select status_list, used, occupied from status_list"
SELECT_COUNTERS = """
select number_prefix, year, last_serial
  from certificate_number_counter join certificate_kind on certificate_kind.kind = certificate_number_counter.kind
 where last_serial > 0
"""


async def require_whole(connection: Connection, secrets: Secrets) -> int:
    """Return how many credentials there are, after checking every one of them and all of them together."""
    rows = await connection.fetch(SELECT_CREDENTIALS)
    issuer = await key_queries.find_issuer(connection)
    assert issuer is not None
    trusted = await keys.trusted_keys(connection)
    for row in rows:
        _require_signed(row, secrets, trusted, issuer.did, issuer.public_url)
    assert len({(row["exam_entry_id"], row["version"]) for row in rows}) == len(rows)
    await _require_gapless_numbers(connection, [row["certificate_number"] for row in rows])
    await _require_own_positions(connection, [(row["status_list"], row["status_index"]) for row in rows])
    return len(rows)


def _require_signed(row: asyncpg.Record, secrets: Secrets, trusted: TrustedKeys, did: str, public_url: str) -> None:
    assert row["sealed_record"] is not None, "a credential was never signed"
    row_id, status_index = row["credential_id"], row["status_list"] * STATUS_LIST_ENTRIES + row["status_index"]
    cipher = unwrap_data_key(secrets.field, row["kek_id"], row["wrapped"], row["subject_id"])
    record = cipher.open(row["sealed_record"], "credential_signature:sealed_record", row_id)
    qr = cipher.open(row["sealed_qr"], "credential_signature:sealed_qr", row_id).decode()

    assert row["sealed_signature"] is not None, "a certificate has no Open Badges twin"
    badge_signature = cipher.open(row["sealed_signature"], "open_badge_proof:sealed_signature", row_id)

    statement, claims = verify_record(record, trusted, did), verify_qr(qr, trusted, public_url)

    assert verify_badge(badge_from_record(record, badge_signature), trusted, did) == statement
    assert statement.certificate_number == claims.certificate_number == row["certificate_number"]
    assert statement.name == claims.name
    assert (statement.token, claims.token) == (format_token(row["token"]), row["token"])
    assert (statement.status_list, statement.status_index) == (row["status_list"], row["status_index"])
    assert claims.status_index == status_index


async def _require_gapless_numbers(connection: Connection, numbers: Sequence[str]) -> None:
    serials: dict[tuple[str, int], list[int]] = {}
    for number in sorted(numbers):
        parsed = parse_certificate_number(number)  # refuses a wrong check character
        serials.setdefault((parsed.prefix, parsed.year), []).append(parsed.serial)
    counters = {
        (row["number_prefix"], row["year"]): row["last_serial"] for row in await connection.fetch(SELECT_COUNTERS)
    }
    assert serials == {series: list(range(1, last + 1)) for series, last in counters.items()}


async def _require_own_positions(connection: Connection, positions: Sequence[tuple[int, int]]) -> None:
    assert len(set(positions)) == len(positions)
    for row in await connection.fetch(SELECT_OCCUPIED):
        taken = {position for number, position in positions if number == row["status_list"]}
        marked = int.from_bytes(row["occupied"], "big").bit_count()
        assert marked == row["used"] == len(taken)
        assert all(row["occupied"][position >> 3] & (0x80 >> (position & 7)) for position in taken)
