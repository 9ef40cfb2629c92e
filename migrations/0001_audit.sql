-- Who did what. Approvals and audit events are only ever added: by grant, and by trigger even for the owner.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is insert-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end
$$;

create table approval (
    approval_id uuid constraint approval_pkey primary key,
    action text not null constraint approval_action_known check (
        action in ('issue', 'revoke', 'correct', 'keys')
    ),
    given_by text not null constraint approval_given_by_known check (given_by in ('operator', 'two_people')),
    actor text not null,
    sealed_note bytea,
    given_at timestamptz not null default now()
);
comment on table approval is 'Consent to issue, revoke, correct or change keys: one operator at the command line, or two people.';

create table audit_event (
    audit_event_id bigint constraint audit_event_pkey primary key,
    occurred_at timestamptz not null,
    actor text not null,
    action text not null,
    object_type text not null,
    object_id text not null,
    detail jsonb not null default '{}',
    previous_hash bytea,
    hash bytea not null
);
comment on table audit_event is 'Every change, each row bearing the hash of the one before. No personal datum in any column.';
comment on column audit_event.audit_event_id is 'Counted from 1 without gaps by the trigger, not a sequence: a missing row shows.';

create function chain_audit_event() returns trigger language plpgsql as $$
begin
    -- One writer at a time, or two rows would follow the same predecessor. Number and time are taken under the lock, so
    -- that they run as the chain does, and never from the writer, who could backdate.
    perform pg_advisory_xact_lock(hashtextextended('audit_event', 0));
    select audit_event_id + 1, hash into new.audit_event_id, new.previous_hash
      from audit_event order by audit_event_id desc limit 1;
    new.audit_event_id := coalesce(new.audit_event_id, 1);
    new.occurred_at := clock_timestamp();
    new.hash := sha256(convert_to(jsonb_build_array(
        encode(coalesce(new.previous_hash, ''), 'hex'), new.audit_event_id,
        to_char(new.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        new.actor, new.action, new.object_type, new.object_id, new.detail
    )::text, 'UTF8'));
    return new;
end
$$;

create trigger audit_event_chained before insert on audit_event for each row execute function chain_audit_event();
create trigger audit_event_insert_only before update or delete or truncate on audit_event
    for each statement execute function refuse_change();
create trigger approval_insert_only before update or delete or truncate on approval
    for each statement execute function refuse_change();

grant select on approval, audit_event to verify_service_operator;
grant insert (approval_id, action, given_by, actor, sealed_note) on approval to verify_service_operator;
grant insert (actor, action, object_type, object_id, detail) on audit_event to verify_service_operator;
