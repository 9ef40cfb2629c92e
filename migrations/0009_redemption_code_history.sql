-- A code may be replaced until it is redeemed, and is redeemed once. What was replaced stays known, to be told from
-- what never existed.

create table replaced_redemption_code (
    code_index bytea constraint replaced_redemption_code_pkey primary key,
    enrolment_id uuid not null constraint replaced_redemption_code_enrolment_fkey references enrolment,
    replaced_at timestamptz not null default now()
);
create index replaced_redemption_code_enrolment_id on replaced_redemption_code (enrolment_id);
create trigger replaced_redemption_code_insert_only before update or delete or truncate on replaced_redemption_code
    for each statement execute function refuse_change();

create function guard_redemption_code() returns trigger language plpgsql as $$
begin
    if old.redeemed_at is not null then
        if new.redeemed_at is distinct from old.redeemed_at or new.code_index <> old.code_index then
            raise exception 'a redeemed code stands' using errcode = 'restrict_violation';
        end if;
    elsif new.redeemed_at is not null then
        -- Not now(): whoever leaves a transaction open could backdate by hours.
        new.redeemed_at := date_trunc('second', clock_timestamp());
    end if;
    if new.code_index <> old.code_index then
        new.issued_at := now();
    end if;
    return new;
end
$$;
create trigger redemption_code_guarded before update on redemption_code
    for each row execute function guard_redemption_code();

-- Columns are listed so that every instant is the database's own, and no code is born redeemed.
revoke insert on redemption_code from verify_service_operator;
grant insert (enrolment_id, code_index, sealed_code) on redemption_code to verify_service_operator;
grant select on replaced_redemption_code to verify_service_operator;
grant insert (code_index, enrolment_id) on replaced_redemption_code to verify_service_operator;
