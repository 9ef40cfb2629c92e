-- Who may enter the consoles: accounts, how they prove who they are, and their sessions. No personal datum: a name is a
-- handle at work (registrar-1), which the trail shows. The operator invites the first administrator.

create table account (
    account_id uuid constraint account_pkey primary key,
    name text not null constraint account_name_unique unique
        constraint account_name_a_handle check (name ~ '^[a-z][a-z0-9.-]{1,31}$'),
    roles text[] not null constraint account_roles_known check (
        roles <@ array['registrar', 'issuer', 'approver', 'auditor', 'administrator', 'partner'] and cardinality(roles) > 0
    ),
    partner_id uuid constraint account_partner_fkey references partner,
    password_hash text,
    created_at timestamptz not null default now(),
    disabled_at timestamptz,
    constraint account_partner_bound check (
        case when partner_id is null then not 'partner' = any(roles) else roles = array['partner'] end
    )
);
comment on column account.password_hash is 'argon2id in PHC form; null until an invitation was accepted.';

create table account_invitation (
    invitation_id uuid constraint account_invitation_pkey primary key,
    account_id uuid not null constraint account_invitation_account_fkey references account,
    token_hash bytea not null constraint account_invitation_token_hash_unique unique,
    key_id text not null,
    sealed_totp bytea not null,
    expires_at timestamptz not null,
    ended_at timestamptz
);
comment on table account_invitation is 'A link that works once, until it expires or another one is made. Only its hash is kept.';

create table account_totp (
    account_id uuid constraint account_totp_pkey primary key
        constraint account_totp_account_fkey references account,
    key_id text not null,
    sealed_secret bytea not null,
    last_step bigint not null
);
comment on column account_totp.last_step is 'The 30-second step of the last code that was accepted: none is accepted twice (RFC 6238 §5.2).';

create table account_recovery_code (
    account_id uuid not null constraint account_recovery_code_account_fkey references account,
    code_hash bytea not null,
    spent_at timestamptz,
    constraint account_recovery_code_pkey primary key (account_id, code_hash)
);

create table account_passkey (
    passkey_id bytea constraint account_passkey_pkey primary key,
    account_id uuid not null constraint account_passkey_account_fkey references account,
    public_key bytea not null,
    sign_count bigint not null,
    label text not null,
    created_at timestamptz not null default now(),
    used_at timestamptz
);
create index account_passkey_account_id on account_passkey (account_id);

create table passkey_challenge (
    challenge bytea constraint passkey_challenge_pkey primary key,
    account_id uuid constraint passkey_challenge_account_fkey references account,
    expires_at timestamptz not null
);
comment on table passkey_challenge is 'Each is deleted by the answer to it, right or wrong. account_id is null where somebody signs in.';

create table account_session (
    session_id uuid constraint account_session_pkey primary key,
    account_id uuid not null constraint account_session_account_fkey references account,
    token_hash bytea not null constraint account_session_token_hash_unique unique,
    network text not null,
    device text not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    proven_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index account_session_account_id on account_session (account_id) where ended_at is null;
comment on column account_session.proven_at is 'When whoever sits there last proved who they are: to issue or revoke it must be recent.';
comment on column account_session.network is 'IPv4 /24 or IPv6 /48.';

create table sign_in_failure (
    bucket bytea not null,
    window_start timestamptz not null,
    failures integer not null,
    constraint sign_in_failure_pkey primary key (bucket, window_start)
);
comment on table sign_in_failure is 'Tries that failed, by hashes of the name typed, whether or not it is somebody''s, and of the network.';

grant select, insert, update, delete on account_session, passkey_challenge, sign_in_failure, account_passkey,
    account_recovery_code, account_totp to verify_service_console;
grant select, insert on account, account_invitation to verify_service_console, verify_service_operator;
grant update (roles, password_hash, disabled_at) on account to verify_service_console;
grant update (ended_at) on account_invitation to verify_service_console, verify_service_operator;
grant update (key_id, sealed_totp) on account_invitation to verify_service_operator;
grant update (disabled_at) on account to verify_service_operator;
-- A rotation of the field secret seals them anew.
grant select, update (key_id, sealed_secret) on account_totp to verify_service_operator;
grant select, update (ended_at) on account_session to verify_service_operator;
grant select on account_passkey, account_recovery_code to verify_service_operator;
grant delete on account_passkey to verify_service_operator;
grant update (password_hash) on account to verify_service_operator;
