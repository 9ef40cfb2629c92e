-- Heads of the audit trail, signed every hour: a chain alone shows neither a tail that was cut nor one that was written
-- anew from some row on. And what the dashboard counts: lookups by day.

alter table signing_key
    drop constraint signing_key_purpose_known,
    add constraint signing_key_purpose_known check (
        purpose in ('credential', 'qr', 'status', 'log', 'pdf', 'receipt', 'audit')
    );

create table audit_head (
    audit_head_id bigint generated always as identity constraint audit_head_pkey primary key,
    audit_event_id bigint not null,
    event_hash bytea not null constraint audit_head_hash_256_bits check (length(event_hash) = 32),
    signed_note text not null,
    signed_at timestamptz not null default now()
);
comment on table audit_head is 'How far the trail reached, signed (C2SP signed-note). Copies of it lie in AUDIT_HEAD_DIR.';
comment on column audit_head.audit_event_id is 'Without a reference: the head must outlive an event that somebody removes.';
create trigger audit_head_insert_only before update or delete or truncate on audit_head
    for each statement execute function refuse_change();

-- The signer recomputes what it is to vouch for.
grant select (occurred_at, actor, object_type, detail, previous_hash) on audit_event to verify_service_signer;
grant select on audit_head to verify_service_signer, verify_service_operator, verify_service_console;
grant insert (audit_event_id, event_hash, signed_note) on audit_head to verify_service_signer;
-- Of the trail a partner sees only that it was signed: the portal shows the newest head, which partners may keep.
grant select on audit_head to verify_service_portal;

-- The auditor's view: by object, by action and by actor, each newest first.
create index audit_event_object on audit_event (object_id, audit_event_id);
create index audit_event_action on audit_event (action, audit_event_id);
create index audit_event_actor on audit_event (actor, audit_event_id);
create index audit_event_occurred_at on audit_event (occurred_at);

create table lookup_day (
    day date not null,
    outcome text not null constraint lookup_day_outcome_known check (
        outcome in ('found', 'not_found', 'limited', 'limiter_error')
    ),
    count bigint not null,
    constraint lookup_day_pkey primary key (day, outcome)
);
comment on table lookup_day is 'How many lookups ended how, by day in Shanghai. A count says nothing about anybody.';

-- The public process counts in its memory and calls this every few seconds: a hit writes nothing by itself, and which of
-- many questions was a hit cannot be told from when a row changes. Rows are taken in one order, whoever calls.
create function count_lookups(outcomes text[], counts bigint[]) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into lookup_day as counted (day, outcome, count)
    select (now() at time zone 'Asia/Shanghai')::date, outcome, sum(least(added, 1000000))
      from unnest(outcomes, counts) as tally (outcome, added)
     where added > 0
     group by outcome
     order by outcome
        on conflict (day, outcome) do update set count = counted.count + excluded.count
$$;
revoke execute on function count_lookups from public;
grant execute on function count_lookups to verify_service_web;
grant select on lookup_day to verify_service_operator, verify_service_console;

-- Those the print gate holds are few, and looked for each time the dashboard is.
create index print_check_held on print_check (credential_id, edition) where held_for is not null;
-- Dashboard: certificates and revocations by week, and what is due, without reading the sealed bytes beside their dates.
create index credential_issued_at on credential (issued_at, credential_id);
create index credential_first_issued on credential (exam_entry_id) include (issued_at) where version = 1;
create index credential_signature_signed_at on credential_signature (signed_at);
create index credential_event_occurred_at on credential_event (occurred_at);
create index sitting_passed_on on sitting (held_on, exam_entry_id) where conclusion = 'passed';

-- An administrator erases a person from the console, as the operator does at the command line; and whoever corrects a
-- person or issues a code says under which version of the subject secret.
grant delete on subject_key, photo, redemption_code, sitting to verify_service_console;
grant update (key_version) on subject to verify_service_console;
