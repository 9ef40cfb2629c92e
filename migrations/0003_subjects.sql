-- People. Everything personal is sealed under one data key per person, wrapped by a key outside the database:
-- a stolen dump names nobody, and erasing a person is deleting one row of subject_key.

create table subject (
    subject_id uuid constraint subject_pkey primary key,
    document_type text not null,
    id_number_index bytea not null constraint subject_id_number_index_unique unique,
    sealed_name bytea not null,
    sealed_sex bytea not null,
    sealed_id_number bytea not null,
    sealed_phone bytea not null,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
);
comment on column subject.id_number_index is 'HMAC-SHA-256 of document type and number under the subject secret, which the web process does not hold.';

create table subject_key (
    subject_id uuid constraint subject_key_pkey primary key constraint subject_key_subject_fkey references subject,
    kek_id text not null,
    wrapped bytea not null
);

create table photo (
    photo_id uuid constraint photo_pkey primary key,
    subject_id uuid not null constraint photo_subject_fkey references subject,
    sealed_jpeg bytea not null,
    created_at timestamptz not null default now()
);
create index photo_subject_id on photo (subject_id);

grant select, insert on subject, subject_key, photo to verify_service_operator;
grant update (document_type, id_number_index, sealed_name, sealed_sex, sealed_id_number, sealed_phone, changed_at)
    on subject to verify_service_operator;
grant update (kek_id, wrapped), delete on subject_key to verify_service_operator;
grant delete on photo to verify_service_operator;
grant select on subject_key to verify_service_web;
