"""SQL of the dashboard: each statement a few milliseconds on a register of years."""

import datetime
from typing import Final

from verify_service.dashboard.model import PassedGroup, Signals
from verify_service.database import Connection

SELECT_ISSUED: Final = """
select date_trunc('week', signed_at at time zone 'Asia/Shanghai')::date as week, count(*) as certificates
  from credential_signature
 where signed_at >= $1
 group by week
"""
SELECT_REVOKED: Final = """
select date_trunc('week', occurred_at at time zone 'Asia/Shanghai')::date as week, count(*) as certificates
  from credential_event
 where occurred_at >= $1 and event = 'revoked'
 group by week
"""
# Whoever passed lately, and when the first certificate was recorded: a correction is none that was due.
SELECT_PASSED: Final = """
select passed.held_on, (first.issued_at at time zone 'Asia/Shanghai')::date as issued_on, count(*)::integer as entries
  from sitting as passed
  join credential as first on first.exam_entry_id = passed.exam_entry_id and first.version = 1
 where passed.conclusion = 'passed' and passed.held_on >= $1
 group by passed.held_on, issued_on
"""
# Whoever passed at any time and has nothing yet. Joining the key leaves out whoever was erased.
SELECT_WAITING: Final = """
with without as materialized (
    select passed.exam_entry_id, passed.held_on
      from sitting as passed
     where passed.conclusion = 'passed'
       and not exists (
               select from credential as first where first.exam_entry_id = passed.exam_entry_id and first.version = 1
           )
)
select without.held_on, null::date as issued_on, count(*)::integer as entries
  from without
  join exam_entry on exam_entry.exam_entry_id = without.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  join subject_key on subject_key.subject_id = enrolment.subject_id
 group by without.held_on
"""
SELECT_SIGNALS: Final = """
with canaries as (
    select count(*)::integer as canaries, max(raised_at) as canary_at,
           (array_agg(about order by lookup_alarm_id desc))[1] as canary_label
      from lookup_alarm
     where alarm = 'canary' and raised_at > now() - interval '7 days'
),
-- Of what was recorded lately: what is older and unsigned has been an alarm for weeks. Half a minute, since a signer
-- needs a moment for a class of thousands.
recent as materialized (
    select credential_id from credential
     where issued_at between now() - interval '12 weeks' and now() - interval '30 seconds'
),
unsigned as materialized (
    select recent.credential_id
      from recent
     where not exists (
               select from credential_signature where credential_signature.credential_id = recent.credential_id
           )
),
waiting as (
    select exists (
               select from audit_event where action = 'signing_refused' and object_id = unsigned.credential_id::text
           ) as is_refused
      from unsigned
      join credential on credential.credential_id = unsigned.credential_id
      join subject_key on subject_key.subject_id = credential.subject_id
),
held as (
    select count(distinct credential_id)::integer as held
      from print_check
     where held_for is not null
       and not exists (
               select from print_check as later
                where later.credential_id = print_check.credential_id and later.edition = print_check.edition
                  and later.print_check_id > print_check.print_check_id and later.held_for is null
           )
),
checked as (
    select detail from audit_event where action = 'trail_checked' order by audit_event_id desc limit 1
)
select canaries, canary_at, canary_label,
       (select nullif(open_until, '-infinity') from lookup_breaker where open_until > now()) as breaker_until,
       held,
       (select count(*)::integer from proposal where state = 'open') as open_proposals,
       -- One after the other: whatever waits behind a job that goes on is not stalled.
       (
           select count(*)::integer from job
            where state in ('waiting', 'running')
              and greatest(created_at, retry_at, beat_at) < now() - interval '5 minutes'
              and not exists (
                      select from job as busy
                       where busy.state = 'running' and busy.beat_at > now() - interval '5 minutes'
                  )
       ) as stalled_jobs,
       (select count(*)::integer from waiting where not is_refused) as unsigned,
       (select count(*)::integer from waiting where is_refused) as refused,
       (select signed_at from audit_head order by audit_head_id desc limit 1) as head_signed_at,
       (select occurred_at from audit_event order by audit_event_id limit 1) as first_event_at,
       (select detail ->> 'fault' from checked) as trail_fault,
       (
           select coalesce(array_agg(distinct usename::text), '{}') from pg_stat_activity
            where datname = current_database() and usename is not null
       ) as connected,
       now() as now
  from canaries, held
"""


async def count_issued(connection: Connection, since: datetime.datetime) -> dict[datetime.date, int]:
    """Return how many certificates were issued, corrected ones too, by the Monday of their week."""
    return {row["week"]: row["certificates"] for row in await connection.fetch(SELECT_ISSUED, since)}


async def count_revoked(connection: Connection, since: datetime.datetime) -> dict[datetime.date, int]:
    """Return how many certificates were revoked, by the Monday of the week."""
    return {row["week"]: row["certificates"] for row in await connection.fetch(SELECT_REVOKED, since)}


async def list_passed(connection: Connection, since: datetime.date) -> list[PassedGroup]:
    """Return entries that were passed since a day and have a certificate, and those of any day that have none."""
    rows = await connection.fetch(SELECT_PASSED, since) + await connection.fetch(SELECT_WAITING)
    return [PassedGroup(*row) for row in rows]


async def read_signals(connection: Connection) -> Signals:
    """Return what the register says about itself."""
    row = await connection.fetchrow(SELECT_SIGNALS)
    assert row is not None  # noqa: S101  # of two aggregates there is always one row
    return Signals(**{**dict(row), "connected": frozenset(row["connected"])})
