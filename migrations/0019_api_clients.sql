-- Platforms that ask for many people at once: a key each, with a purpose and a budget of rows a day. The public process
-- may read which key is whose and nothing else here; it counts through two functions, so that whoever holds it can
-- spend a budget but neither raise one nor forget what was spent.

create table api_client (
    api_client_id uuid constraint api_client_pkey primary key,
    name text not null constraint api_client_name_key unique,
    purpose text not null constraint api_client_purpose_stated check (length(purpose) between 1 and 500),
    key_hash bytea not null constraint api_client_key_hash_key unique
        constraint api_client_key_hash_256_bits check (length(key_hash) = 32),
    daily_rows integer not null constraint api_client_daily_rows_positive check (daily_rows > 0),
    created_at timestamptz not null default now(),
    revoked_at timestamptz
);
comment on table api_client is 'Who may ask in batches, for what, and how much a day. No personal datum in any column.';
comment on column api_client.key_hash is 'SHA-256 of the key, which has 160 random bits: there is no list of guesses to slow down.';

create table api_client_day (
    api_client_id uuid not null constraint api_client_day_client_fkey references api_client,
    day date not null,
    row_count integer not null constraint api_client_day_rows_counted check (row_count >= 0),
    constraint api_client_day_pkey primary key (api_client_id, day)
);
comment on table api_client_day is 'Rows that were asked, by client and day in Asia/Shanghai. Kept: it is the record of use.';

create table batch_request (
    api_client_id uuid not null constraint batch_request_client_fkey references api_client,
    request_mac bytea not null constraint batch_request_mac_256_bits check (length(request_mac) = 32),
    body_mac bytea not null constraint batch_request_body_256_bits check (length(body_mac) = 32),
    claimed_at timestamptz not null,
    answering_until timestamptz,
    constraint batch_request_pkey primary key (api_client_id, request_mac)
);
comment on table batch_request is 'What a client named by an Idempotency-Key in the last 24 hours. Answers are not kept, they are found anew.';
comment on column batch_request.request_mac is 'HMAC of the Idempotency-Key under the API key, which is not in the database; body_mac likewise of the body.';
comment on column batch_request.answering_until is 'Until then the answer may still be on its way. Null: it ended.';
create index batch_request_claimed_at on batch_request (api_client_id, claimed_at);

create function claim_batch(client uuid, request bytea, body bytea, new_rows integer)
returns table (claim text, quota integer, remaining integer, reset_seconds integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    today constant date := (now() at time zone 'Asia/Shanghai')::date;
    standing batch_request;
begin
    if new_rows < 0 then
        raise exception 'rows are counted upwards' using errcode = 'check_violation';
    end if;
    reset_seconds := ceil(extract(epoch from ((today + 1)::timestamp at time zone 'Asia/Shanghai') - now()));
    select daily_rows into quota from api_client where api_client_id = client and revoked_at is null;
    if quota is null then
        claim := 'unknown';
        return next;
        return;
    end if;
    delete from batch_request where api_client_id = client and claimed_at < now() - interval '24 hours';
    -- Without a key every request is a new one. With one, a second request waits here for the first to be counted.
    insert into batch_request (api_client_id, request_mac, body_mac, claimed_at, answering_until)
    select client, request, body, now(), now() + interval '60 seconds' where request is not null
        on conflict (api_client_id, request_mac) do nothing;
    if request is not null and not found then
        select * into standing from batch_request
         where api_client_id = client and request_mac = request for update;
        claim := case
            when standing.body_mac <> body then 'reused'
            when standing.body_mac is null or standing.answering_until > now() then 'in_progress'
            else 'repeated'
        end;
        if claim = 'repeated' then
            update batch_request set answering_until = now() + interval '60 seconds'
             where api_client_id = client and request_mac = request;
        end if;
    else
        insert into api_client_day (api_client_id, day, row_count)
        select client, today, new_rows where new_rows <= quota
            on conflict (api_client_id, day) do update set row_count = api_client_day.row_count + excluded.row_count
         where api_client_day.row_count + excluded.row_count <= quota;
        claim := case when found then 'counted' else 'spent' end;
        if claim = 'spent' then
            delete from batch_request where api_client_id = client and request_mac = request;
        end if;
    end if;
    remaining := greatest(0, quota - coalesce(
        (select row_count from api_client_day where api_client_id = client and day = today), 0
    ));
    return next;
end
$$;
comment on function claim_batch is 'Counts a batch against its client''s day, once for each Idempotency-Key, all of its rows or none.';

create function release_batch(client uuid, request bytea) returns void
language sql security definer set search_path = public, pg_temp as $$
    update batch_request set answering_until = null where api_client_id = client and request_mac = request
$$;

revoke execute on function claim_batch, release_batch from public;
grant execute on function claim_batch, release_batch to verify_service_web;
grant select (api_client_id, key_hash, revoked_at) on api_client to verify_service_web;
grant select on api_client, api_client_day to verify_service_operator;
grant insert (api_client_id, name, purpose, key_hash, daily_rows) on api_client to verify_service_operator;
grant update (revoked_at) on api_client to verify_service_operator;
