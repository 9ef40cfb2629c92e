-- Whoever may not watch waits for nobody. The lock came before the look at the token: while a revocation was under way,
-- sixteen requests with invented tokens waited for it and held every connection of the web process. The functions are those
-- of 0018 but for that look.

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
