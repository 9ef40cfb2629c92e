-- Roles are given by two people on the pages: an administrator proposes, another administrator or an approver decides, and
-- neither is whom it is about. The database gives them when that is decided; the consoles' role cannot. So too a link that
-- opens an account anew: or an administrator could enter as the approver of what they proposed.

alter table account drop constraint account_roles_known;
alter table account add constraint account_roles_known check (
    roles <@ array['registrar', 'issuer', 'approver', 'auditor', 'administrator', 'partner']
);
comment on column account.roles is 'Empty until two people have agreed: such an account can be nothing yet.';

create table account_grant (
    account_grant_id uuid constraint account_grant_pkey primary key,
    account_id uuid not null constraint account_grant_account_fkey references account,
    roles text[] constraint account_grant_roles_of_staff check (
        roles <@ array['registrar', 'issuer', 'approver', 'auditor', 'administrator'] and cardinality(roles) > 0
    ),
    proposed_by uuid not null constraint account_grant_proposed_by_fkey references account,
    proposed_at timestamptz not null default now(),
    state text not null default 'open' constraint account_grant_state_known check (
        state in ('open', 'withdrawn', 'rejected', 'approved')
    ),
    decided_by uuid constraint account_grant_decided_by_fkey references account,
    decided_at timestamptz,
    constraint account_grant_by_others check (proposed_by <> account_id and decided_by is distinct from account_id),
    constraint account_grant_decided check (
        case state
            when 'open' then decided_by is null
            when 'withdrawn' then decided_by = proposed_by
            else decided_by <> proposed_by
        end
    )
);
comment on column account_grant.roles is 'Which roles the account gets; null: it may be opened anew by a link.';
create unique index account_grant_one_open on account_grant (account_id) where state = 'open';

create function guard_account_grant() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'UPDATE' and old.state <> 'open' then
        raise exception 'a grant is decided once' using errcode = 'restrict_violation';
    end if;
    perform from account
      where account_id = case tg_op when 'INSERT' then new.proposed_by else new.decided_by end and disabled_at is null
        and ('administrator' = any (roles) or tg_op = 'UPDATE' and new.state <> 'withdrawn' and 'approver' = any (roles));
    if not found or tg_op = 'INSERT' and new.state <> 'open' then
        raise exception 'roles are proposed by an administrator and decided by another, or by an approver'
            using errcode = 'restrict_violation';
    end if;
    perform from account where account_id = new.account_id and partner_id is null and disabled_at is null;
    if not found then
        raise exception 'only accounts of staff have roles to be given' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'UPDATE' then
        new.decided_at := now();
        if new.state = 'approved' and new.roles is not null then
            update account set roles = new.roles where account_id = new.account_id;
        end if;
    end if;
    return new;
end
$$;
create trigger account_grant_guarded before insert or update on account_grant
    for each row execute function guard_account_grant();
create trigger account_grant_kept before delete or truncate on account_grant
    for each statement execute function refuse_change();

-- Whom the consoles add by themselves is a partner's user, or nobody yet.
create function refuse_roles() returns trigger language plpgsql as $$
begin
    raise exception 'roles of staff are given by two people' using errcode = 'insufficient_privilege';
end
$$;
create trigger account_added_without_roles before insert on account for each row
    when (session_user = 'verify_service_console' and new.partner_id is null and cardinality(new.roles) > 0)
    execute function refuse_roles();

revoke update (roles) on account from verify_service_console;
grant select, insert (account_grant_id, account_id, roles, proposed_by), update (state, decided_by)
    on account_grant to verify_service_console;
grant select on account_grant to verify_service_operator;
