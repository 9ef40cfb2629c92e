-- Who signs, with what, and what the paper says. Private keys are never here.

create table issuer (
    singleton boolean constraint issuer_pkey primary key default true constraint issuer_only_one check (singleton),
    did text not null,
    public_url text not null,
    created_at timestamptz not null default now()
);
comment on table issuer is 'Frozen by `keys init`: the DID stands in every certificate ever issued.';

create table signing_key (
    key_id text constraint signing_key_pkey primary key,
    purpose text not null constraint signing_key_purpose_known check (
        purpose in ('credential', 'qr', 'status', 'log', 'pdf')
    ),
    public_key bytea not null constraint signing_key_public_key_unique unique,
    cose_kid integer constraint signing_key_cose_kid_unique unique
        constraint signing_key_cose_kid_two_bytes check (cose_kid between 0 and 65535),
    state text not null default 'active' constraint signing_key_state_known check (
        state in ('active', 'retired', 'compromised')
    ),
    created_at timestamptz not null default now(),
    retired_at timestamptz
);
create unique index signing_key_one_active on signing_key (purpose) where state = 'active';

create function date_retirement() returns trigger language plpgsql as $$
begin
    new.retired_at := now();
    return new;
end
$$;
create trigger signing_key_retirement_dated before update on signing_key
    for each row when (old.state = 'active' and new.state <> 'active') execute function date_retirement();

create table secret_check (
    key_id text constraint secret_check_pkey primary key,
    mac bytea not null constraint secret_check_mac_256_bits check (length(mac) = 32)
);
comment on table secret_check is 'HMAC-SHA-256 of a fixed word under each secret: another secret of the same name shows before it seals anything.';

create table template (
    template_digest bytea constraint template_pkey primary key,
    kind text not null constraint template_kind_fkey references certificate_kind,
    title text not null,
    issuer_name text not null,
    content bytea not null,
    created_at timestamptz not null default now(),
    constraint template_digest_matches check (template_digest = sha256(content))
);
comment on table template is 'Every text a certificate was drawn with, as canonical JSON: an old certificate is redrawn as it was.';
create trigger template_insert_only before update or delete or truncate on template
    for each statement execute function refuse_change();

-- Columns are listed so that every instant is the database's own.
grant select on issuer, signing_key, secret_check, template to verify_service_operator, verify_service_web;
grant insert (did, public_url) on issuer to verify_service_operator;
grant insert (key_id, purpose, public_key, cose_kid) on signing_key to verify_service_operator;
grant update (state) on signing_key to verify_service_operator;
grant insert on secret_check to verify_service_operator;
grant insert (template_digest, kind, title, issuer_name, content) on template to verify_service_operator;
