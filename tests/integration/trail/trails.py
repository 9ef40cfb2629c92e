"""A trail with heads, as the signer makes them, and the ways to forge one that are open to who rules the database."""

import datetime
from pathlib import Path
from typing import Final

from signing import Signer
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, connected
from verify_service.settings import Settings
from verify_service.trail.service.sealing import seal_trail

AT_ONCE: Final = datetime.timedelta(0)

# What chain_audit_event would have made of the rows as they are now, from one number on.
RECHAIN: Final = """
do $$
declare
    event audit_event;
begin
    for event in select * from audit_event where audit_event_id >= {first} order by audit_event_id loop
        event.previous_hash := (select hash from audit_event where audit_event_id = event.audit_event_id - 1);
        update audit_event
           set previous_hash = event.previous_hash,
               hash = sha256(convert_to(jsonb_build_array(
                   encode(coalesce(event.previous_hash, ''), 'hex'), event.audit_event_id,
                   to_char(event.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   event.actor, event.action, event.object_type, event.object_id, event.detail
               )::text, 'UTF8'))
         where audit_event_id = event.audit_event_id;
    end loop;
end
$$
"""
EDIT: Final = "update audit_event set actor = 'somebody else' where audit_event_id = 22"
DELETE: Final = "delete from audit_event where audit_event_id = 22"
CUT: Final = "delete from audit_event where audit_event_id >= 28"
EXCHANGE: Final = """
update audit_event set audit_event_id = -22 where audit_event_id = 22;
update audit_event set audit_event_id = 22 where audit_event_id = 23;
update audit_event set audit_event_id = 23 where audit_event_id = -22;
"""
INSERT: Final = """
update audit_event set audit_event_id = -audit_event_id where audit_event_id >= 22;
update audit_event set audit_event_id = 1 - audit_event_id where audit_event_id < 0;
insert into audit_event (audit_event_id, occurred_at, actor, action, object_type, object_id, previous_hash, hash)
select 22, occurred_at, 'somebody', 'credential_signed', 'credential', 'FAKE', hash, sha256('forged')
  from audit_event where audit_event_id = 21;
"""


async def write_events(connection: Connection, upto: int) -> None:
    """Record events until the trail has `upto`; with blanks, quotes and characters of more than one byte in them."""
    count = await connection.fetchval("select count(*) from audit_event")
    for number in range(count + 1, upto + 1):
        detail = {"number": f"QMT2026{number:06}", "note": '林 "\n\\ 🀄 ü', "long key": [1, None, 2.5, True], "b": {}}
        await record(
            connection, Actor("登记员 1"), AuditEvent("credential_signed", "credential", f"no {number}", detail)
        )


async def seal(settings: Settings, signer: Signer, folder: Path) -> int:
    """Sign a head at once, as the signer does every hour."""
    async with connected(settings.signer_database_url or "", "SIGNER_DATABASE_URL") as connection:
        return await seal_trail(connection, lambda _: signer, folder, AT_ONCE)


async def forge(superuser: Connection, statements: str) -> None:
    """Change what must not change, as only somebody can who owns the whole database."""
    await superuser.execute("alter table audit_event disable trigger all; alter table audit_head disable trigger all")
    await superuser.execute(statements)
