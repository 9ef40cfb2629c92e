-- Signed status lists: what tells a verifier of others which certificates still stand.

create table status_list_change (
    status_list integer not null
);
comment on table status_list_change is 'Lists that are to be signed anew. A row for each event, not a counter for each list: whoever revokes waits for nobody.';

create table status_list_publication (
    status_list integer not null constraint status_list_publication_list_fkey references status_list,
    purpose text not null constraint status_list_publication_purpose_known check (purpose in ('revocation', 'refresh')),
    content bytea not null,
    key_id text not null constraint status_list_publication_key_fkey references signing_key,
    signed_at timestamptz not null,
    valid_until timestamptz not null,
    constraint status_list_publication_pkey primary key (status_list, purpose)
);
comment on table status_list_publication is 'The newest signed list of each number and purpose, as it is served.';

-- As the owner: neither who revokes nor who signs needs a right to this table, and neither can mark nothing.
create function mark_status_list() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into status_list_change (status_list)
    select status_list from credential where credential_id = new.credential_id;
    return null;
end
$$;
create trigger credential_event_marks_status_list after insert on credential_event
    for each row execute function mark_status_list();

grant select on status_list_publication to verify_service_web, verify_service_operator, verify_service_signer;
grant insert, update on status_list_publication to verify_service_signer;
grant select, delete on status_list_change to verify_service_signer;
grant select (status_list) on status_list to verify_service_signer;
grant select (credential_id, status_list, status_index) on credential to verify_service_signer;
grant select (credential_id, event) on credential_event to verify_service_signer;
