-- A person in a class, with one redemption code; what they sit for; how each sitting ended.

create table enrolment (
    enrolment_id uuid constraint enrolment_pkey primary key,
    subject_id uuid not null constraint enrolment_subject_fkey references subject,
    cohort_id uuid not null constraint enrolment_cohort_fkey references cohort,
    partner_id uuid not null constraint enrolment_partner_fkey references partner,
    photo_id uuid,
    created_at timestamptz not null default now(),
    constraint enrolment_once_a_cohort unique (subject_id, cohort_id)
);
create index enrolment_cohort_id on enrolment (cohort_id);

create table redemption_code (
    enrolment_id uuid constraint redemption_code_pkey primary key
        constraint redemption_code_enrolment_fkey references enrolment,
    code_index bytea not null constraint redemption_code_code_index_unique unique,
    sealed_code bytea,
    issued_at timestamptz not null default now(),
    redeemed_at timestamptz
);
comment on column redemption_code.sealed_code is 'The code itself until the partner''s list has been drawn; then null, and only its HMAC remains.';

create table exam_entry (
    exam_entry_id uuid constraint exam_entry_pkey primary key,
    enrolment_id uuid not null constraint exam_entry_enrolment_fkey references enrolment,
    kind text not null constraint exam_entry_kind_fkey references certificate_kind,
    constraint exam_entry_once_a_kind unique (enrolment_id, kind)
);

create table sitting (
    exam_entry_id uuid not null constraint sitting_exam_entry_fkey references exam_entry,
    kind text not null constraint sitting_kind_known check (kind in ('first', 'makeUp')),
    held_on date not null,
    conclusion text not null constraint sitting_conclusion_known check (
        conclusion in ('passed', 'failed', 'absent', 'void')
    ),
    theory_score_tenths smallint,
    practice_score_tenths smallint,
    recorded_at timestamptz not null default now(),
    constraint sitting_pkey primary key (exam_entry_id, kind)
);

grant select, insert on enrolment, redemption_code, exam_entry, sitting to verify_service_operator;
grant update (photo_id) on enrolment to verify_service_operator;
grant update (code_index, sealed_code, redeemed_at) on redemption_code to verify_service_operator;
