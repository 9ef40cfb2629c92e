-- The three login roles and who may do what with the database itself. Run once by the server's administrator
-- (the embedded server runs it by itself); set each password afterwards with ALTER ROLE … PASSWORD.
-- What each role may do with tables is granted by the migrations that make them.
create role verify_service_migration login nosuperuser nocreatedb nocreaterole;
create role verify_service_operator login nosuperuser nocreatedb nocreaterole;
create role verify_service_web login nosuperuser nocreatedb nocreaterole;
-- A lookup is one index read: whatever takes seconds in the web process is a fault or an attack.
alter role verify_service_web set statement_timeout = '5s';
alter role verify_service_web set default_transaction_read_only = on;
