-- Proposals: what one account asks for and another decides. Jobs: the long work that an approved proposal sets going.
-- An approval of two people rests on a proposal that another account than its proposer approved: the database looks it
-- up by itself, and so does the signer, so that whoever holds the console's role alone cannot write one.

create table proposal (
    proposal_id uuid constraint proposal_pkey primary key,
    action text not null constraint proposal_action_known check (
        action in ('issue', 'revoke', 'revoke_cohort', 'correct')
    ),
    object_type text not null,
    object_id text not null,
    reason text,
    proposed_by uuid not null constraint proposal_proposed_by_fkey references account,
    proposer text not null,
    proposed_at timestamptz not null default now(),
    state text not null default 'open' constraint proposal_state_known check (
        state in ('open', 'withdrawn', 'rejected', 'approved', 'expired')
    ),
    decided_by uuid constraint proposal_decided_by_fkey references account,
    decider text,
    decided_at timestamptz,
    decision_reason text,
    constraint proposal_object_fits_action check (
        object_type = case when action in ('issue', 'revoke_cohort') then 'cohort' else 'certificate' end
    ),
    constraint proposal_reason_to_revoke check ((action in ('revoke', 'revoke_cohort')) = (reason is not null)),
    constraint proposal_decided_or_open check ((state = 'open') = (decided_at is null)),
    constraint proposal_decided_by_another check (
        case state
            when 'approved' then decided_by is not null and decided_by <> proposed_by and decider <> proposer
            when 'rejected' then decided_by is not null and decided_by <> proposed_by and decider <> proposer
            when 'withdrawn' then decided_by = proposed_by
            else num_nonnulls(decided_by, decider) = 0
        end
    )
);
comment on table proposal is 'What one account asks for. Decided once, by another; withdrawn by its proposer alone, before that.';
comment on column proposal.object_id is 'A cohort by its id, or a certificate by its number.';
comment on column proposal.proposer is 'The handle of proposed_by, as it stands in the trail.';
-- Two that contradict each other must not both wait: whoever approves one sees the whole of what waits.
create unique index proposal_one_open on proposal (object_type, object_id) where state = 'open';
create index proposal_decided_at on proposal (decided_at desc) where state <> 'open';

create table proposal_item (
    proposal_id uuid not null constraint proposal_item_proposal_fkey references proposal,
    object_id uuid not null,
    sealed_payload bytea,
    constraint proposal_item_pkey primary key (proposal_id, object_id)
);
comment on table proposal_item is 'The frozen set: exam entries to issue to, or credentials to revoke or correct.';
comment on column proposal_item.sealed_payload is
    'Note and corrected facts, sealed under the data key of the person the item is about; null once decided and done.';

-- Handles are those of the accounts, so that the trail cannot name one who had no hand in it; and whoever decides is an
-- approver at this very moment, whatever a page believes.
create function guard_proposal() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        perform from account where account_id = new.proposed_by and name = new.proposer and disabled_at is null;
        if new.state <> 'open' or not found then
            raise exception 'an account proposes, under its own name' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if old.state <> 'open' then
        raise exception 'a proposal is decided once' using errcode = 'restrict_violation';
    end if;
    if new.state in ('approved', 'rejected') then
        perform from account
          where account_id = new.decided_by and name = new.decider and disabled_at is null and 'approver' = any (roles);
        if not found then
            raise exception 'an approver decides, under their own name' using errcode = 'restrict_violation';
        end if;
    end if;
    new.decided_at := now();
    return new;
end
$$;
create trigger proposal_guarded before insert or update on proposal for each row execute function guard_proposal();
create trigger proposal_kept before delete or truncate on proposal for each statement execute function refuse_change();

-- Locked as whoever decides locks it: an item cannot slip in between what was shown and what is approved.
create function guard_proposal_item() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from proposal where proposal_id = new.proposal_id and state = 'open' for share;
    if not found then
        raise exception 'what was decided is frozen' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger proposal_item_frozen before insert on proposal_item for each row execute function guard_proposal_item();
create function refuse_payload() returns trigger language plpgsql as $$
begin
    raise exception 'what was proposed stands until it is forgotten' using errcode = 'restrict_violation';
end
$$;
create trigger proposal_item_only_emptied before update on proposal_item for each row
    when (new.sealed_payload is not null or new.object_id <> old.object_id or new.proposal_id <> old.proposal_id)
    execute function refuse_payload();
create trigger proposal_item_kept before delete or truncate on proposal_item
    for each statement execute function refuse_change();

-- One signed-in account's hand is neither an operator's nor two people's.
alter table approval drop constraint approval_given_by_known;
alter table approval
    add constraint approval_given_by_known check (given_by in ('operator', 'account', 'two_people')),
    add column proposal_id uuid constraint approval_proposal_fkey references proposal;
comment on column approval.proposal_id is 'What two people agreed on, found by the database; its writer cannot choose it.';
create unique index approval_once_a_proposal on approval (proposal_id, object_type, object_id)
    where proposal_id is not null;

create function bind_approval() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    new.proposal_id := null;
    if session_user = 'verify_service_operator' and new.given_by <> 'operator' then
        raise exception 'the command line has one hand' using errcode = 'insufficient_privilege';
    end if;
    if session_user = 'verify_service_console' and (
        new.given_by = 'operator'
        or new.given_by = 'account' and new.action in ('issue', 'revoke', 'correct', 'keys')
    ) then
        raise exception 'the console approves % by two people', new.action using errcode = 'insufficient_privilege';
    end if;
    -- What one account may do alone, two may: somebody who takes in a roster that amends people has been asked by another.
    if new.given_by <> 'two_people' or new.action not in ('issue', 'revoke', 'correct', 'keys') then
        return new;
    end if;
    select proposal.proposal_id into new.proposal_id
      from proposal
     where proposal.state = 'approved' and proposal.proposer = new.actor and proposal.decider = new.second_actor
       and case proposal.action
               when 'revoke_cohort' then new.action = 'revoke' and new.object_type = 'certificate' and exists (
                   select
                     from proposal_item
                     join credential on credential.credential_id = proposal_item.object_id
                    where proposal_item.proposal_id = proposal.proposal_id
                      and credential.certificate_number = new.object_id
               )
               else new.action = proposal.action
                and (new.object_type, new.object_id) = (proposal.object_type, proposal.object_id)
           end
       and not exists ( -- a proposal is good for one approval of each object
               select from approval
                where approval.proposal_id = proposal.proposal_id
                  and (approval.object_type, approval.object_id) = (new.object_type, new.object_id)
           )
     order by proposal.decided_at desc
     limit 1;
    if not found then
        raise exception 'no approved proposal says so' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger approval_bound before insert on approval for each row execute function bind_approval();

create table job (
    job_id uuid constraint job_pkey primary key,
    kind text not null constraint job_kind_known check (kind in ('issue', 'revoke_cohort')),
    proposal_id uuid not null constraint job_proposal_fkey references proposal
        constraint job_once_a_proposal unique,
    approval_id uuid constraint job_approval_fkey references approval,
    cohort_id uuid not null constraint job_cohort_fkey references cohort,
    state text not null default 'waiting' constraint job_state_known check (
        state in ('waiting', 'running', 'paused', 'cancelled', 'done')
    ),
    trouble text,
    retry_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    started_at timestamptz,
    beat_at timestamptz,
    ended_at timestamptz,
    constraint job_issues_on_approval check ((kind = 'issue') = (approval_id is not null)),
    constraint job_cancelled_before_it_began check (state <> 'cancelled' or started_at is null),
    constraint job_ended check ((state in ('cancelled', 'done')) = (ended_at is not null))
);
create index job_to_do on job (created_at) where state in ('waiting', 'running');
comment on table job is 'Whoever works on one holds the advisory lock of its id, which ends with the process, however that ends.';
comment on column job.trouble is 'Why the last try broke off, as a code; it is tried again at retry_at.';

create table job_stage (
    job_id uuid not null constraint job_stage_job_fkey references job,
    stage text not null constraint job_stage_known check (stage in ('sign', 'print', 'revoke')),
    position smallint not null,
    total integer not null default 0,
    done integer not null default 0,
    held integer not null default 0,
    busy_seconds double precision not null default 0,
    ended_at timestamptz,
    constraint job_stage_pkey primary key (job_id, stage)
);
comment on column job_stage.busy_seconds is 'Seconds in which somebody worked on it: a rate is not slowed by a pause.';

create table job_held (
    job_id uuid not null,
    stage text not null,
    object_id uuid not null,
    reason text not null,
    constraint job_held_pkey primary key (job_id, stage, object_id),
    constraint job_held_stage_fkey foreign key (job_id, stage) references job_stage
);
comment on table job_held is 'Exam entries or credentials that a stage left out, with the code of why.';

create function guard_job() returns trigger language plpgsql as $$
begin
    if old.state in ('cancelled', 'done') then
        raise exception 'a job ends once' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger job_ends_once before update on job for each row execute function guard_job();

create function wake_jobs() returns trigger language plpgsql as $$
begin
    perform pg_notify('verify_service_jobs', new.job_id::text);
    return null;
end
$$;
create trigger job_wakes_worker after insert or update of state on job
    for each row when (new.state = 'waiting') execute function wake_jobs();

grant select on proposal, proposal_item, job, job_stage, job_held to verify_service_console, verify_service_operator;
grant insert (proposal_id, action, object_type, object_id, reason, proposed_by, proposer)
    on proposal to verify_service_console;
grant update (state, decided_by, decider, decision_reason) on proposal to verify_service_console;
grant insert on proposal_item to verify_service_console;
grant update (sealed_payload) on proposal_item to verify_service_console;
grant insert (job_id, kind, proposal_id, approval_id, cohort_id) on job to verify_service_console;
grant update (state, trouble, retry_at, started_at, beat_at, ended_at) on job to verify_service_console;
grant insert (job_id, stage, position, total) on job_stage to verify_service_console;
grant update (total, done, held, busy_seconds, ended_at) on job_stage to verify_service_console;
grant insert, delete on job_held to verify_service_console;

grant select (proposal_id, action, proposed_by, decided_by, state) on proposal to verify_service_signer;
grant select (proposal_id, object_id) on proposal_item to verify_service_signer;
grant select (proposal_id) on approval to verify_service_signer;

-- What the console's role needs to issue and correct, and 0023 left out: a lock on keys it may not change, taken for it by
-- their owner; and the version of the secret under which a corrected person is found.
alter function require_usable_signing_keys() security definer set search_path = public, pg_temp;
grant update (key_version) on subject to verify_service_console;
