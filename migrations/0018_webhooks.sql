-- Webhooks: who watches a certificate is told when it is revoked or superseded. What is to be told is written by the
-- transaction that makes it so, and sent afterwards by a process of its own role.

create table webhook (
    webhook_id uuid constraint webhook_pkey primary key,
    name text not null,
    key_id text,
    sealed_target bytea,
    access_digest bytea constraint webhook_access_digest_256_bits check (length(access_digest) = 32),
    max_watches integer not null constraint webhook_max_watches_positive check (max_watches > 0),
    created_at timestamptz not null default now(),
    served_at timestamptz,
    removed_at timestamptz,
    constraint webhook_emptied_when_removed check (
        num_nulls(key_id, sealed_target, access_digest) = case when removed_at is null then 0 else 3 end
    )
);
comment on table webhook is 'One subscription. A removed one keeps its id and name for the trail, and nothing that opens anything.';
comment on column webhook.sealed_target is 'URL and signing secret, AES-256-GCM under the webhook secret of KEY_DIR that key_id names.';
comment on column webhook.access_digest is 'SHA-256 of the bearer token (256 random bits) that may change what is watched.';
comment on column webhook.served_at is 'When it last had its turn: the one that waited longest comes next.';

create table webhook_watch (
    token bytea not null constraint webhook_watch_token_80_bits check (length(token) = 10),
    webhook_id uuid not null constraint webhook_watch_webhook_fkey references webhook,
    constraint webhook_watch_pkey primary key (token, webhook_id)
);
create index webhook_watch_of_webhook on webhook_watch (webhook_id);
comment on table webhook_watch is 'Tokens of QR codes, on the register or not: no answer and no count tells which.';

-- A UUIDv7 (RFC 9562 §5.7) as the service makes them: ids sort as deliveries were written, and count nobody's.
create function new_delivery_id() returns uuid volatile language sql as $$
    select (
        lpad(to_hex(microseconds / 1000), 12, '0')
        || '7' || lpad(to_hex(microseconds % 1000 * 4096 / 1000), 3, '0')
        || substr(replace(gen_random_uuid()::text, '-', ''), 17)
    )::uuid
      from (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as microseconds) as clock
$$;

create table webhook_delivery (
    webhook_delivery_id uuid default new_delivery_id() constraint webhook_delivery_pkey primary key,
    webhook_id uuid not null constraint webhook_delivery_webhook_fkey references webhook,
    credential_id uuid not null,
    event text not null,
    state text not null default 'waiting' constraint webhook_delivery_state_known check (
        state in ('waiting', 'delivered', 'dead')
    ),
    attempts smallint not null default 0,
    outcome text,
    attempted_at timestamptz,
    due_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    constraint webhook_delivery_event_fkey foreign key (credential_id, event) references credential_event,
    constraint webhook_delivery_once unique (webhook_id, credential_id, event)
);
create index webhook_delivery_due on webhook_delivery (webhook_id, due_at) where state = 'waiting';
create index webhook_delivery_of_credential on webhook_delivery (credential_id);
comment on table webhook_delivery is 'What is to be told, and how that went. Its body is made from rows that never change, so each attempt says the same.';
comment on column webhook_delivery.outcome is 'Of the last attempt: an HTTP status, or a code of ours.';

-- Whoever watches and whoever revokes at the same moment must see each other: the one that comes second waits for the
-- first to commit. Revocations do not wait for each other here.
create function tell_webhooks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('webhook_watch', 0));
    insert into webhook_delivery (webhook_id, credential_id, event)
    select webhook.webhook_id, new.credential_id, new.event
      from credential
      join subject_key on subject_key.subject_id = credential.subject_id -- an erased person's answers "not found"
      join webhook_watch on webhook_watch.token = credential.token
      join webhook on webhook.webhook_id = webhook_watch.webhook_id and webhook.removed_at is null
     where credential.credential_id = new.credential_id;
    if found then
        perform pg_notify('verify_service_webhooks', '');
    end if;
    return null;
end
$$;
create trigger credential_event_tells_webhooks after insert on credential_event
    for each row execute function tell_webhooks();

-- Who watches whom is about a person: it ends with what else the register has of them.
create function forget_watches() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from webhook_watch using credential
     where credential.subject_id = old.subject_id and webhook_watch.token = credential.token;
    delete from webhook_delivery using credential
     where credential.subject_id = old.subject_id and webhook_delivery.credential_id = credential.credential_id;
    return null;
end
$$;
create trigger subject_key_forgets_watches after delete on subject_key
    for each row execute function forget_watches();

-- The web process may read and change none of these tables; it may call these, with the bearer token's digest. No row:
-- no such webhook, or another's token.
create function count_watches(asked_webhook uuid, access bytea)
returns table (watched integer, most integer)
language sql stable security definer set search_path = public, pg_temp as $$
    select (select count(*)::integer from webhook_watch where webhook_watch.webhook_id = webhook.webhook_id), max_watches
      from webhook
     where webhook_id = asked_webhook and access_digest = access
$$;

create function watch_certificates(asked_webhook uuid, access bytea, tokens bytea[])
returns table (watched integer, most integer)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('webhook_watch', 0));
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

create function unwatch_certificates(asked_webhook uuid, access bytea, tokens bytea[])
returns table (watched integer, most integer)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('webhook_watch', 0));
    if not exists (select from webhook where webhook_id = asked_webhook and access_digest = access) then
        return;
    end if;
    -- Without tokens: all.
    delete from webhook_watch
     where webhook_watch.webhook_id = asked_webhook and (tokens is null or webhook_watch.token = any (tokens));
    return query select * from count_watches(asked_webhook, access);
end
$$;

revoke all on function count_watches, watch_certificates, unwatch_certificates from public;
grant execute on function count_watches, watch_certificates, unwatch_certificates to verify_service_web;

grant select on webhook, webhook_watch, webhook_delivery to verify_service_operator;
grant insert (webhook_id, name, key_id, sealed_target, access_digest, max_watches) on webhook to verify_service_operator;
grant update (key_id, sealed_target, access_digest, removed_at) on webhook to verify_service_operator;
grant delete on webhook_watch, webhook_delivery to verify_service_operator;
grant update (state, attempts, due_at) on webhook_delivery to verify_service_operator;

grant select on schema_migration to verify_service_webhooks;
grant select (webhook_id, name, key_id, sealed_target, served_at, removed_at), update (served_at)
    on webhook to verify_service_webhooks;
grant select, update (state, attempts, outcome, attempted_at, due_at) on webhook_delivery to verify_service_webhooks;
grant select (credential_id, certificate_number, token) on credential to verify_service_webhooks;
grant select (credential_id, event, reason, successor, occurred_at) on credential_event to verify_service_webhooks;
grant select (audit_event_id, hash) on audit_event to verify_service_webhooks;
grant insert (actor, action, object_type, object_id, detail) on audit_event to verify_service_webhooks;
