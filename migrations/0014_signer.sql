-- The signer: signatures are added by a role of its own, which judges approvals itself. Who records something can no
-- longer sign it, and who signs can record nothing.

-- Before this, nobody but the operator's role could add an approval: the first default says so of those that stand.
-- A default and not a trigger, or restoring a dump would rewrite history; no role is granted the column.
alter table approval
    add column second_actor text,
    add column object_type text,
    add column object_id text,
    add column recorded_by name not null default 'verify_service_operator';
alter table approval alter column recorded_by set default session_user;
alter table approval
    add constraint approval_of_one_or_two check (
        case given_by
            when 'two_people' then second_actor is not null and second_actor <> actor and object_type is not null
            else second_actor is null
        end
    ),
    add constraint approval_object_whole check (num_nulls(object_type, object_id) in (0, 2));
comment on column approval.object_type is 'With object_id, what was approved: a cohort to issue to, a certificate by its number. Null for what has no one object.';
comment on column approval.recorded_by is 'The login role that added the row, which its writer cannot choose.';
grant insert (object_type, object_id) on approval to verify_service_operator;

revoke insert on credential_signature from verify_service_operator;
-- Without a successor, no event but `revoked` passes the table's check: superseding is the signer's.
revoke insert (successor) on credential_event from verify_service_operator;

grant select on schema_migration, issuer, signing_key, secret_check, certificate_kind to verify_service_signer;
grant select on credential, credential_signature, credential_event, subject_key to verify_service_signer;
grant select (exam_entry_id, enrolment_id) on exam_entry to verify_service_signer;
grant select (enrolment_id, cohort_id) on enrolment to verify_service_signer;
grant select (approval_id, action, given_by, actor, second_actor, object_type, object_id, recorded_by)
    on approval to verify_service_signer;
grant select (audit_event_id, hash, action, object_id) on audit_event to verify_service_signer;
grant insert (credential_id, sealed_record, sealed_qr) on credential_signature to verify_service_signer;
grant insert (credential_id, event, reason, successor, approval_id) on credential_event to verify_service_signer;
grant insert (actor, action, object_type, object_id, detail) on audit_event to verify_service_signer;

create function refuse_revocation() returns trigger language plpgsql as $$
begin
    raise exception 'the signer revokes nothing' using errcode = 'insufficient_privilege';
end
$$;
create trigger credential_event_revoked_by_others before insert on credential_event for each row
    when (session_user = 'verify_service_signer' and new.event <> 'superseded') execute function refuse_revocation();

-- A refusal enters the trail once, however often it is repeated: found by this.
create index audit_event_signing_refused on audit_event (object_id) where action = 'signing_refused';

-- Wakes the signer when the writer's transaction commits. Nothing is in the message: what is to be done stands in the
-- tables, and whoever sends one by hand has it look once more.
create function wake_signer() returns trigger language plpgsql as $$
begin
    perform pg_notify('verify_service_signer', '');
    return null;
end
$$;
create trigger credential_wakes_signer after insert on credential for each statement execute function wake_signer();
create trigger credential_event_wakes_signer after insert on credential_event
    for each statement execute function wake_signer();
