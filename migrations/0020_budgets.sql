-- Budgets: how many failed questions about the same facts are answered, whoever asks. Keyed by HMAC of what was typed,
-- whether or not anybody has it, so that counting tells nothing.

create table budget (
    bucket bytea constraint budget_pkey primary key constraint budget_bucket_256_bits check (length(bucket) = 32),
    failed_at timestamptz[] not null,
    expires_at timestamptz not null
);
create index budget_expires_at on budget (expires_at);
comment on table budget is 'Failed lookups by what was typed. A bucket is an HMAC-SHA-256 under the budget secret.';
comment on column budget.failed_at is 'When each failure of the longest window was, oldest first.';
comment on column budget.expires_at is 'When the last failure leaves the longest window, and the row goes.';

create table canary (
    bucket bytea constraint canary_pkey primary key constraint canary_bucket_256_bits check (length(bucket) = 32),
    label text not null,
    key_version smallint not null,
    added_at timestamptz not null default now()
);
comment on table canary is 'An ID number or phone that is nobody''s: whoever types it has a list that was planted or guesses.';

create table failed_lookup_hour (
    hour timestamptz not null,
    shard smallint not null,
    failures integer not null,
    constraint failed_lookup_hour_pkey primary key (hour, shard)
);
comment on column failed_lookup_hour.shard is 'Sixteen rows an hour: on a single one, failures would wait for each other.';

create table lookup_breaker (
    only_row boolean default true constraint lookup_breaker_pkey primary key constraint lookup_breaker_one_row check (only_row),
    open_until timestamptz not null
);
insert into lookup_breaker (open_until) values ('-infinity');

-- Not the audit trail: its chain has one writer at a time, and no stranger may hold up whoever issues certificates.
create table lookup_alarm (
    lookup_alarm_id bigint generated always as identity constraint lookup_alarm_pkey primary key,
    alarm text not null constraint lookup_alarm_known check (alarm in ('canary', 'breaker')),
    about text not null,
    raised_at timestamptz not null default now()
);
comment on column lookup_alarm.about is 'The label of a canary, or how many failures this hour and in a usual one.';
create trigger lookup_alarm_insert_only before update or delete or truncate on lookup_alarm
    for each statement execute function refuse_change();

-- Spent: of `tries` allowed in a window, the one that many back is not yet out of it.
create function budget_is_spent(failed_at timestamptz[], tries integer, per interval, asked_at timestamptz) returns boolean
    stable language sql
    return coalesce(failed_at[cardinality(failed_at) - tries + 1] > asked_at - per, false);

-- The longest window a bucket was ever asked about: whoever counts by a shorter one forgets nothing for the others.
create function longest_window(held budget, asked_about interval) returns interval
    immutable language sql
    return greatest(asked_about, held.expires_at - held.failed_at[cardinality(held.failed_at)]);

-- More than 2,000 failures an hour are no public's mistakes, on any site. Five usual hours are an attack on this one; a
-- site where nobody errs for hours has a usual hour of nothing, and 100 are one class looked up from a bad list.
create function failures_are_alarming(this_hour bigint, usual_hour bigint) returns boolean
    immutable language sql
    return this_hour > 2000 or this_hour > greatest(5 * usual_hour, 100);

-- Opens the breaker for an hour if this one's failures are alarming; returns whether it was closed before.
create function look_at_failures(asked_at timestamptz) returns boolean language plpgsql as $$
declare
    this_hour constant timestamptz := date_trunc('hour', asked_at);
    failed bigint;
    usual bigint;
    was_open_until timestamptz;
begin
    select sum(failures) into failed from failed_lookup_hour where hour = this_hour;
    select percentile_disc(0.5) within group (order by past.failures) into usual
      from (
        select coalesce(sum(failures), 0)::bigint as failures
          from generate_series(this_hour - interval '7 days', this_hour - interval '1 hour', interval '1 hour') as past (hour)
          left join failed_lookup_hour using (hour)
         group by hour
      ) as past;
    if not failures_are_alarming(failed, usual) then
        return false;
    end if;
    select open_until into was_open_until from lookup_breaker for update;
    update lookup_breaker set open_until = greatest(open_until, asked_at + interval '1 hour');
    if was_open_until > asked_at then
        return false;
    end if;
    insert into lookup_alarm (alarm, about) values ('breaker', failed || ' failures this hour, ' || usual || ' in a usual one');
    return true;
end
$$;

-- Debits every bucket of one failed question, or none: null if one of them is spent, else the alarms this raised. Each
-- element of the arrays is one allowance: so many tries of a bucket in a window; a bucket may have several.
--
-- The only change the public process may make, as the owner's function: it can spend a budget and never refill one.
create function count_failed_lookup(buckets bytea[], tries integer[], windows interval[], asked_at timestamptz)
    returns text[] language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    counted integer;
    alarms text[];
begin
    begin
        -- Buckets are locked in one order, so that no two guesses wait for each other. A guess that waited for another
        -- sees what that one debited: of two at the last try, one is refused.
        insert into budget as held (bucket, failed_at, expires_at)
        select allowance.bucket, array[asked_at], asked_at + max(allowance.per)
          from unnest(buckets, windows) as allowance (bucket, per)
         group by allowance.bucket
         order by allowance.bucket
            on conflict (bucket) do update
           set failed_at = array(
                   select failure from unnest(held.failed_at) with ordinality as past (failure, place)
                    where failure > asked_at - longest_window(held, excluded.expires_at - asked_at)
                    order by place
               ) || asked_at,
               expires_at = asked_at + longest_window(held, excluded.expires_at - asked_at)
         where not exists (
               select from unnest(buckets, tries, windows) as allowance (bucket, tries, per)
                where allowance.bucket = held.bucket
                  and budget_is_spent(held.failed_at, allowance.tries, allowance.per, asked_at)
         );
        get diagnostics counted = row_count;
        if counted < (select count(distinct bucket) from unnest(buckets) as bucket) then
            raise exception 'a budget is spent' using errcode = 'VS002';
        end if;
    exception when sqlstate 'VS002' then
        return null; -- and what was debited of the others is undone
    end;

    with raised as (
        insert into lookup_alarm (alarm, about)
        select distinct 'canary', label from canary where bucket = any (buckets)
        returning alarm
    )
    select coalesce(array_agg(alarm), '{}') into alarms from raised;

    insert into failed_lookup_hour as counter (hour, shard, failures)
    values (date_trunc('hour', asked_at), get_byte(buckets[1], 0) % 16, 1)
        on conflict (hour, shard) do update set failures = counter.failures + 1
    returning failures into counted;
    -- Every eighth: a week is added up for it. Sixteen shards of seven unseen ones are still no 2,000.
    if counted % 8 = 0 and look_at_failures(asked_at) then
        alarms := alarms || 'breaker'::text;
    end if;
    if counted = 1 then
        delete from failed_lookup_hour where hour < least(asked_at, now()) - interval '8 days';
    end if;

    -- Whoever fails adds up to seven rows and takes away up to twenty: the table stays as large as a year's failures. By
    -- the database's clock too, or a web process ahead of it would forgive.
    delete from budget
     where bucket in (
           select bucket from budget where expires_at < least(asked_at, now())
            order by expires_at limit 20 for update skip locked
     );
    return alarms;
end
$$;
revoke execute on function count_failed_lookup, look_at_failures from public;

grant select on budget, lookup_breaker to verify_service_web, verify_service_operator;
grant execute on function count_failed_lookup to verify_service_web;
grant delete on budget to verify_service_operator;
grant select, delete on canary to verify_service_operator;
grant insert (bucket, label, key_version) on canary to verify_service_operator;
grant select on lookup_alarm to verify_service_operator;

alter table approval drop constraint approval_action_known;
alter table approval add constraint approval_action_known check (
    action in (
        'issue', 'revoke', 'correct', 'keys', 'amend_result', 'amend_person', 'reissue_code', 'erase', 'retention',
        'lift_budget', 'canaries'
    )
);
