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

-- Which version of the subject secret an index is under. A code is known by its HMAC alone and cannot be indexed anew:
-- its secret stays until the code ends.
alter table subject add column key_version smallint default 1;
update subject set key_version = null where document_type is null;
alter table subject
    alter column key_version drop default,
    add constraint subject_indexed_or_erased check ((key_version is null) = (document_type is null));
comment on column subject.key_version is 'Version of the subject secret that id_number_index is under; null once erased.';
alter table redemption_code add column key_version smallint not null default 1;
alter table redemption_code alter column key_version drop default;
alter table replaced_redemption_code add column key_version smallint not null default 1;
alter table replaced_redemption_code alter column key_version drop default;
comment on column redemption_code.key_version is 'Version of the subject secret that code_index is under.';

-- Whoever opened the secrets before one was taken into use or ended would write what nobody finds. Everybody who writes
-- these tables, and every rotation, holds the registration lock: what is read here does not change meanwhile.
create function secret_versions(purpose text, states text[]) returns setof smallint stable language sql as $$
    select split_part(key_id, '-', 2)::smallint from secret_check
     where split_part(key_id, '-', 1) = purpose and state = any (states)
$$;
create function refuse_old_secrets() returns void language plpgsql as $$
begin
    raise exception 'the secrets have changed' using errcode = 'VS001';
end
$$;

create function require_live_indexes() returns trigger language plpgsql as $$
begin
    if exists (
        select from added where key_version not in (select secret_versions('index', '{incoming,active}'))
    ) or exists (
        select from (select distinct credential_id, pair from added) as written
         cross join secret_versions('index', '{incoming,active}') as live (version)
         where not exists (
               select from lookup_key
                where lookup_key.credential_id = written.credential_id and lookup_key.pair = written.pair
                  and lookup_key.key_version = live.version
         )
    ) then
        perform refuse_old_secrets();
    end if;
    return null;
end
$$;
create trigger lookup_key_indexes_live after insert on lookup_key
    referencing new table as added for each statement execute function require_live_indexes();

create function require_live_kek() returns trigger language plpgsql as $$
begin
    if exists (
        select from added left join secret_check on secret_check.key_id = kek_id
         where secret_check.state is null or secret_check.state not in ('incoming', 'active')
    ) then
        perform refuse_old_secrets();
    end if;
    return null;
end
$$;
create trigger subject_key_kek_live after insert on subject_key
    referencing new table as added for each statement execute function require_live_kek();
create trigger subject_key_kek_stays_live after update on subject_key
    referencing new table as added for each statement execute function require_live_kek();

create function require_newest_subject_secret() returns trigger language plpgsql as $$
begin
    if new.key_version is distinct from (select max(version) from secret_versions('subject', '{active}') as version) then
        perform refuse_old_secrets();
    end if;
    return null;
end
$$;
create trigger subject_indexed_under_the_newest after insert or update of id_number_index on subject
    for each row when (new.key_version is not null) execute function require_newest_subject_secret();
create trigger redemption_code_under_the_newest after insert or update of code_index on redemption_code
    for each row execute function require_newest_subject_secret();

revoke insert on secret_check from verify_service_operator;
grant insert (key_id, mac, state), update (state) on secret_check to verify_service_operator;
grant update (key_version) on subject to verify_service_operator;
grant insert (key_version), update (key_version) on redemption_code to verify_service_operator;
grant insert (key_version) on replaced_redemption_code to verify_service_operator;
