-- What becomes of keys and secrets. A signing key is active, then rotated (it only finishes what names it), then retired;
-- or it was stolen. A secret is made, taken into use and ended without a moment in which something is not found.

alter table signing_key
    drop constraint signing_key_state_known,
    add constraint signing_key_state_known check (state in ('active', 'rotated', 'retired', 'compromised'));
drop trigger signing_key_retirement_dated on signing_key;
drop function date_retirement();
alter table signing_key rename column retired_at to state_since;
update signing_key set state_since = created_at where state_since is null;
alter table signing_key
    alter column state_since set default now(),
    alter column state_since set not null;

alter table secret_check
    add column state text not null default 'active' constraint secret_check_state_known check (
        state in ('prepared', 'incoming', 'active', 'retired')
    ),
    add column state_since timestamptz not null default now();
comment on column secret_check.state is
    'prepared: made, to be copied where it is needed. incoming: written by all, read by none. active: the newest is read. retired: used by nobody.';

create function guard_key_state() returns trigger language plpgsql as $$
begin
    if (old.state, new.state) not in (
        ('active', 'rotated'), ('rotated', 'retired'),
        ('active', 'compromised'), ('rotated', 'compromised'), ('retired', 'compromised')
    ) then
        raise exception 'a signing key that is % does not become %', old.state, new.state
            using errcode = 'restrict_violation';
    end if;
    new.state_since := now();
    return new;
end
$$;
create trigger signing_key_state_guarded before update on signing_key
    for each row when (old.state <> new.state) execute function guard_key_state();

create function guard_secret_state() returns trigger language plpgsql as $$
begin
    if array_position('{prepared,incoming,active,retired}', new.state)
        < array_position('{prepared,incoming,active,retired}', old.state) then
        raise exception 'a secret that is % does not become %', old.state, new.state
            using errcode = 'restrict_violation';
    end if;
    new.state_since := now();
    return new;
end
$$;
create trigger secret_check_state_guarded before update on secret_check
    for each row when (old.state <> new.state) execute function guard_secret_state();

create function require_usable_signing_keys() returns trigger language plpgsql as $$
declare
    unusable text;
begin
    -- A retirement locks the same row for update: it waits for this transaction and then finds the credential, or it
    -- came first, and its state is read here after the wait. Never does a retired key owe a signature.
    perform from signing_key
      where key_id in (select credential_key_id from added union select qr_key_id from added)
      order by key_id
        for key share;
    select key_id into unusable from signing_key
     where key_id in (select credential_key_id from added union select qr_key_id from added)
       and state not in ('active', 'rotated');
    if found then
        raise exception 'the signing key % takes no new work', unusable using errcode = 'restrict_violation';
    end if;
    return null;
end
$$;
create trigger credential_signing_keys_usable after insert on credential
    referencing new table as added for each statement execute function require_usable_signing_keys();

-- A code is known by its HMAC alone: it cannot be indexed anew, and the secret it is under must stay until it ends.
alter table redemption_code add column key_version smallint not null default 1;
alter table replaced_redemption_code add column key_version smallint not null default 1;
comment on column redemption_code.key_version is 'Version of the subject secret that code_index is under.';

revoke insert on secret_check from verify_service_operator;
grant insert (key_id, mac, state), update (state) on secret_check to verify_service_operator;
grant insert (key_version), update (key_version) on redemption_code to verify_service_operator;
grant insert (key_version) on replaced_redemption_code to verify_service_operator;
