-- What strangers could hold up, and what stayed longer than the notice says.
--
-- Whoever may not watch waits for nobody. The lock came before the look at the token: while a revocation was under way,
-- sixteen requests with invented tokens waited for it and held every connection of the web process. The functions are
-- those of 0018 but for that look.

create or replace function watch_certificates(asked_webhook uuid, access bytea, tokens bytea[])
returns table (watched integer, most integer)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not exists (select from webhook where webhook_id = asked_webhook and access_digest = access) then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('webhook_watch', 0));
    -- Asked again: it may have been removed while this waited.
    return query
    select count(distinct wanted.token)::integer, webhook.max_watches
      from webhook
      left join lateral (
               select webhook_watch.token from webhook_watch where webhook_watch.webhook_id = webhook.webhook_id
                union all
               select unnest(tokens)
           ) as wanted on true
     where webhook.webhook_id = asked_webhook and webhook.access_digest = access
     group by webhook.webhook_id
    having count(distinct wanted.token) <= webhook.max_watches;
    if not found then
        return;
    end if;
    insert into webhook_watch (token, webhook_id) select distinct unnest(tokens), asked_webhook on conflict do nothing;
    -- What no longer stands is told of at once: it may have been revoked after the client looked, before it watched.
    insert into webhook_delivery (webhook_id, credential_id, event)
    select asked_webhook, credential_event.credential_id, credential_event.event
      from credential
      join subject_key on subject_key.subject_id = credential.subject_id
      join credential_event on credential_event.credential_id = credential.credential_id
     where credential.token = any (tokens)
     order by credential_event.occurred_at
        on conflict (webhook_id, credential_id, event) do nothing;
    if found then
        perform pg_notify('verify_service_webhooks', '');
    end if;
end
$$;

create or replace function unwatch_certificates(asked_webhook uuid, access bytea, tokens bytea[])
returns table (watched integer, most integer)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not exists (select from webhook where webhook_id = asked_webhook and access_digest = access) then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('webhook_watch', 0));
    -- Asked again: it may have been removed while this waited.
    if not exists (select from webhook where webhook_id = asked_webhook and access_digest = access) then
        return;
    end if;
    -- Without tokens: all.
    delete from webhook_watch
     where webhook_watch.webhook_id = asked_webhook and (tokens is null or webhook_watch.token = any (tokens));
    return query select * from count_watches(asked_webhook, access);
end
$$;

-- Failures end by the day, and not only when somebody fails again: a failure stayed beside a later one for up to twice
-- its window, and a site where nobody fails kept every row. By the database's clock, and by each row's own longest
-- window, so that nobody is forgiven a moment early.

create function failures_until_then_are_old(held budget) returns timestamptz
    stable language sql
    return now() - longest_window(held, interval '0');

-- Those that still count, oldest first.
create function recent_failures(held budget) returns timestamptz[]
    stable language sql
    return array(
        select failure from unnest(held.failed_at) with ordinality as past (failure, place)
         where failure > failures_until_then_are_old(held)
         order by place
    );

-- Ends the old failures of up to `most` buckets; returns how many buckets had some, and how many those were. The operator
-- may change no row otherwise. A row that is locked belongs to a question that fails now, and ends its own.
create function end_old_failures(most integer) returns table (buckets bigint, failures bigint)
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with old as materialized (
        select held.bucket, held.failed_at, recent_failures(held) as kept
          from budget as held
         where failures_until_then_are_old(held) >= any (held.failed_at)
         limit most for update skip locked
    ), emptied as (
        delete from budget using old where budget.bucket = old.bucket and old.kept = '{}'
    ), shortened as (
        update budget set failed_at = old.kept from old where budget.bucket = old.bucket and old.kept <> '{}'
    )
    select count(*), coalesce(sum(cardinality(failed_at) - cardinality(kept)), 0)::bigint from old
$$;
revoke execute on function end_old_failures from public;
grant execute on function end_old_failures to verify_service_operator;
