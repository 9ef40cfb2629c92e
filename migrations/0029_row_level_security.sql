-- A partner's pages run under a role of their own, which sees the rows of the one partner that its transaction is bound to
-- by the setting verify_service.partner_id. Unset, it sees none: a page that forgets the binding is empty, never open.
-- Pages ask for their own partner's rows by themselves; this holds where one forgets to.

-- Other roles do not pass through policies: a lookup is planned as before, and COPY, which PostgreSQL refuses on a table
-- with policies for whoever is subject to them, goes on. Without the attribute every one of them would see nothing.
do $$
declare
    subject_to_policies text;
begin
    select string_agg(rolname, ', ' order by rolname) into subject_to_policies from pg_roles
     where rolname like 'verify\_service\_%' and rolname not in ('verify_service_migration', 'verify_service_portal')
       and not rolbypassrls;
    if subject_to_policies is not null then
        raise exception 'not exempt from row-level security yet: %', subject_to_policies
            using errcode = 'object_not_in_prerequisite_state', hint = 'run ops/database/roles.sql first';
    end if;
    if exists (select from pg_roles where rolname = 'verify_service_portal' and (rolbypassrls or rolsuper)) then
        raise exception 'verify_service_portal must be subject to row-level security'
            using errcode = 'object_not_in_prerequisite_state';
    end if;
end
$$;

-- Which of a partner's people are in which class; imports wait while it is made, lookups do not.
create index enrolment_partner_cohort on enrolment (partner_id, cohort_id);

create function portal_partner() returns uuid stable language sql as $$
    select nullif(current_setting('verify_service.partner_id', true), '')::uuid
$$;
comment on function portal_partner is 'The partner to whose rows a portal transaction is bound; null where it is bound to none.';

-- Each policy looks one step towards the enrolment, which alone names the partner: what it reads there has passed the
-- policy of that table. So they end together when an enrolment becomes another partner's.
alter table enrolment enable row level security;
create policy enrolment_of_partner on enrolment for select to verify_service_portal
    using (partner_id = portal_partner());

alter table partner enable row level security;
create policy partner_itself on partner for select to verify_service_portal
    using (partner_id = portal_partner());

-- A planned class is of several partners: each sees the class, and of its people its own.
alter table cohort enable row level security;
create policy cohort_of_partner on cohort for select to verify_service_portal
    using (partner_id = portal_partner() or exists (select from enrolment where enrolment.cohort_id = cohort.cohort_id));

alter table exam_entry enable row level security;
create policy exam_entry_of_partner on exam_entry for select to verify_service_portal
    using (exists (select from enrolment where enrolment.enrolment_id = exam_entry.enrolment_id));

alter table sitting enable row level security;
create policy sitting_of_partner on sitting for select to verify_service_portal
    using (exists (select from exam_entry where exam_entry.exam_entry_id = sitting.exam_entry_id));

alter table subject enable row level security;
create policy subject_of_partner on subject for select to verify_service_portal
    using (exists (select from enrolment where enrolment.subject_id = subject.subject_id));

alter table subject_key enable row level security;
create policy subject_key_of_partner on subject_key for select to verify_service_portal
    using (exists (select from enrolment where enrolment.subject_id = subject_key.subject_id));

-- An erased person's certificates are not there any more, whoever asks.
alter table credential enable row level security;
create policy credential_of_partner on credential for select to verify_service_portal
    using (
        exists (select from exam_entry where exam_entry.exam_entry_id = credential.exam_entry_id)
        and exists (select from subject_key where subject_key.subject_id = credential.subject_id)
    );

alter table credential_signature enable row level security;
create policy credential_signature_of_partner on credential_signature for select to verify_service_portal
    using (exists (select from credential where credential.credential_id = credential_signature.credential_id));

alter table credential_event enable row level security;
create policy credential_event_of_partner on credential_event for select to verify_service_portal
    using (exists (select from credential where credential.credential_id = credential_event.credential_id));

-- Of a person whom two partners enrolled, each sees the photos it handed in and those on the certificates of its class.
alter table photo enable row level security;
create policy photo_of_partner on photo for select to verify_service_portal
    using (
        exists (
            select from enrolment where enrolment.subject_id = photo.subject_id and enrolment.photo_id = photo.photo_id
        )
        or exists (
            select from credential where credential.subject_id = photo.subject_id and credential.photo_id = photo.photo_id
        )
    );

-- All it may do to a code is forget it, once a list has handed it out.
alter table redemption_code enable row level security;
create policy redemption_code_of_partner on redemption_code for select to verify_service_portal
    using (exists (select from enrolment where enrolment.enrolment_id = redemption_code.enrolment_id));
create policy redemption_code_handed_out on redemption_code for update to verify_service_portal
    using (exists (select from enrolment where enrolment.enrolment_id = redemption_code.enrolment_id))
    with check (sealed_code is null);

alter table print_check enable row level security;
create policy print_check_of_partner on print_check for select to verify_service_portal
    using (exists (select from credential where credential.credential_id = print_check.credential_id));
create policy print_check_of_what_it_drew on print_check for insert to verify_service_portal
    with check (exists (select from credential where credential.credential_id = print_check.credential_id));

grant select on enrolment, exam_entry, subject, subject_key, photo, print_check to verify_service_portal;
grant select (partner_id, name) on partner to verify_service_portal;
grant select (cohort_id, code, partner_id, exam_on, make_up_on) on cohort to verify_service_portal;
grant select (exam_entry_id, kind, held_on, conclusion) on sitting to verify_service_portal;
grant select (enrolment_id, sealed_code, issued_at, redeemed_at) on redemption_code to verify_service_portal;
grant update (sealed_code) on redemption_code to verify_service_portal;
grant select (
    credential_id, exam_entry_id, version, supersedes, subject_id, kind, certificate_number, token, template_digest,
    photo_id, issued_at, sealed_id_number, sealed_salt
) on credential to verify_service_portal;
grant select on credential_signature to verify_service_portal;
grant select (credential_id, event, reason, successor, occurred_at) on credential_event to verify_service_portal;
grant insert (credential_id, edition, drawing_digest, held_for) on print_check to verify_service_portal;

-- What is nobody's own, and the trail, to which it adds.
grant select on certificate_kind, template, issuer, signing_key, secret_check, working_day_year, working_day_exception,
    schema_migration to verify_service_portal;
grant select (audit_event_id, hash) on audit_event to verify_service_portal;
grant insert (actor, action, object_type, object_id, detail) on audit_event to verify_service_portal;
