-- Who enrols trainees, in which class, for which certificate.

create table partner (
    partner_id uuid constraint partner_pkey primary key,
    name text not null constraint partner_name_unique unique,
    created_at timestamptz not null default now()
);

create table partner_alias (
    folded_name text constraint partner_alias_pkey primary key,
    partner_id uuid not null constraint partner_alias_partner_fkey references partner
);
comment on table partner_alias is 'Names as rosters write them, folded: a partner that is renamed keeps its id.';

create table cohort (
    cohort_id uuid constraint cohort_pkey primary key,
    code text not null constraint cohort_code_unique unique
        constraint cohort_code_shape check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    partner_id uuid constraint cohort_partner_fkey references partner,
    created_at timestamptz not null default now()
);
comment on column cohort.partner_id is 'The partner whose own class it is; null for a planned class of several partners.';

create table certificate_kind (
    kind text constraint certificate_kind_pkey primary key,
    qr_code smallint not null constraint certificate_kind_qr_code_unique unique,
    number_prefix text not null constraint certificate_kind_number_prefix_unique unique
        constraint certificate_kind_number_prefix_shape check (number_prefix ~ '^[A-Z]{2,4}$'),
    requires_photo boolean not null
);
comment on table certificate_kind is 'A new kind is one row here, one design in pdf/ and its texts in the institution file.';
insert into certificate_kind (kind, qr_code, number_prefix, requires_photo) values
    ('omnimedia_operator', 1, 'QMT', true),
    ('online_host', 2, 'STZB', true);

grant select, insert on partner, partner_alias, cohort to verify_service_operator;
grant select on certificate_kind to verify_service_operator, verify_service_web;
