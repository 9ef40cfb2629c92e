-- Certificates: first what will be signed, then the signature, then what became of it. All three are insert-only;
-- the state (revoked > superseded > valid) is derived.

create table credential (
    credential_id uuid constraint credential_pkey primary key,
    exam_entry_id uuid not null constraint credential_exam_entry_fkey references exam_entry,
    version smallint not null,
    supersedes uuid constraint credential_supersedes_fkey references credential
        constraint credential_supersedes_unique unique,
    subject_id uuid not null constraint credential_subject_fkey references subject,
    kind text not null constraint credential_kind_fkey references certificate_kind,
    certificate_number text not null constraint credential_certificate_number_unique unique,
    token bytea not null constraint credential_token_unique unique
        constraint credential_token_80_bits check (length(token) = 10),
    status_list integer not null,
    status_index integer not null constraint credential_status_index_in_list check (status_index between 0 and 131071),
    credential_key_id text not null constraint credential_credential_key_fkey references signing_key,
    qr_key_id text not null constraint credential_qr_key_fkey references signing_key,
    template_digest bytea not null constraint credential_template_fkey references template,
    photo_id uuid,
    approval_id uuid not null constraint credential_approval_fkey references approval,
    issued_at timestamptz not null,
    sealed_id_number bytea not null,
    sealed_salt bytea not null,
    sealed_document bytea not null,
    sealed_qr_structure bytea not null,
    constraint credential_once_a_version unique (exam_entry_id, version),
    constraint credential_status_entry_unique unique (status_list, status_index)
);
create index credential_subject_id on credential (subject_id);
comment on column credential.sealed_document is 'The exact bytes to be signed: the document with its proof less proofValue, canonical JSON.';
comment on column credential.sealed_qr_structure is 'The exact bytes to be signed: the COSE Sig_structure.';

create table credential_signature (
    credential_id uuid constraint credential_signature_pkey primary key
        constraint credential_signature_credential_fkey references credential,
    sealed_record bytea not null,
    sealed_qr bytea not null,
    signed_at timestamptz not null default now()
);
comment on table credential_signature is 'A credential without its row here is invisible everywhere; the next run signs it.';

create table credential_event (
    credential_id uuid not null constraint credential_event_credential_fkey references credential,
    event text not null constraint credential_event_known check (event in ('revoked', 'superseded')),
    reason text not null,
    successor uuid constraint credential_event_successor_fkey references credential,
    approval_id uuid not null constraint credential_event_approval_fkey references approval,
    occurred_at timestamptz not null default date_trunc('second', now()),
    constraint credential_event_pkey primary key (credential_id, event),
    constraint credential_event_successor_given check ((event = 'superseded') = (successor is not null))
);

create table certificate_number_counter (
    kind text not null constraint certificate_number_counter_kind_fkey references certificate_kind,
    year smallint not null,
    last_serial integer not null constraint certificate_number_counter_six_digits check (last_serial between 0 and 999999),
    constraint certificate_number_counter_pkey primary key (kind, year)
);
comment on table certificate_number_counter is 'A counter row, not a sequence: a rolled-back issue gives its numbers back, so there are no gaps.';

create table status_list (
    status_list integer constraint status_list_pkey primary key,
    used integer not null default 0,
    occupied bytea not null constraint status_list_131072_bits check (length(occupied) = 16384)
);

create table lookup_key (
    credential_id uuid not null constraint lookup_key_credential_fkey references credential,
    pair smallint not null constraint lookup_key_pair_known check (pair between 1 and 3),
    key_version smallint not null,
    hmac bytea not null,
    constraint lookup_key_pkey primary key (credential_id, pair, key_version)
);
create index lookup_key_hmac on lookup_key (hmac);
comment on table lookup_key is 'HMAC-SHA-256 over a pair of facts: 1 name and ID number, 2 name and phone, 3 ID number and phone.';

create function refuse_backdating() returns trigger language plpgsql as $$
begin
    raise exception '% is dated by the database alone', tg_table_name using errcode = 'restrict_violation';
end
$$;
-- The signed record bears this instant, so the writer must name it; a batch may last, hence the transaction's.
create trigger credential_dated before insert on credential
    for each row when (new.issued_at <> date_trunc('second', now())) execute function refuse_backdating();

create function refuse_falling() returns trigger language plpgsql as $$
begin
    raise exception '% never falls', tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger certificate_number_counter_rises before update on certificate_number_counter
    for each row when (new.last_serial < old.last_serial) execute function refuse_falling();

create trigger credential_insert_only before update or delete or truncate on credential
    for each statement execute function refuse_change();
create trigger credential_signature_insert_only before update or delete or truncate on credential_signature
    for each statement execute function refuse_change();
create trigger credential_event_insert_only before update or delete or truncate on credential_event
    for each statement execute function refuse_change();

grant select, insert on credential, certificate_number_counter, status_list, lookup_key to verify_service_operator;
grant select on credential_signature, credential_event to verify_service_operator;
grant insert (credential_id, sealed_record, sealed_qr) on credential_signature to verify_service_operator;
grant insert (credential_id, event, reason, successor, approval_id) on credential_event to verify_service_operator;
grant update (last_serial) on certificate_number_counter to verify_service_operator;
grant update (used, occupied) on status_list to verify_service_operator;
grant delete on lookup_key to verify_service_operator;
grant select on credential, credential_signature, credential_event, lookup_key to verify_service_web;
grant select on schema_migration to verify_service_web, verify_service_operator;
