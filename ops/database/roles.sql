-- The seven login roles and who may do what with the database itself. Run by the server's administrator, once and again
-- whenever a release brings a role (the embedded server runs it by itself); set each new password afterwards with
-- ALTER ROLE … PASSWORD. What each role may do with tables is granted by the migrations that make them.
do $$
declare
    role_name text;
begin
    foreach role_name in array array[
        'verify_service_console', 'verify_service_migration', 'verify_service_operator', 'verify_service_portal',
        'verify_service_signer', 'verify_service_web', 'verify_service_webhooks'
    ] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I login nosuperuser nocreatedb nocreaterole', role_name);
        end if;
    end loop;
end
$$;
-- Read-only is the default. The pool of the web process lifts it, for the one function by which a failed lookup is
-- counted; it may change no table. A lookup is a few index reads: whatever takes seconds in the web process is a fault or an attack.
alter role verify_service_web set statement_timeout = '5s';
alter role verify_service_web set default_transaction_read_only = on;
-- It holds a webhook's row while it posts, some ten seconds: one that hangs must not hold it for ever.
alter role verify_service_webhooks set idle_in_transaction_session_timeout = '60s';
-- A page of the consoles is a few index reads; jobs, which last, lift it for themselves.
alter role verify_service_console set statement_timeout = '30s';
alter role verify_service_portal set statement_timeout = '10s';
-- Row-level security binds the partners' pages alone. The other roles are held by what they are granted: their rows are
-- everybody's, and COPY is refused to whoever is subject to a policy. Only a superuser, or a role that has the attribute
-- itself, may give it.
do $$
declare
    role_name text;
begin
    foreach role_name in array array[
        'verify_service_console', 'verify_service_operator', 'verify_service_signer', 'verify_service_web',
        'verify_service_webhooks'
    ] loop
        execute format('alter role %I bypassrls', role_name);
    end loop;
end
$$;
alter role verify_service_portal nobypassrls;
