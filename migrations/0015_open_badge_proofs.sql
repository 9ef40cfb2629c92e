-- The Open Badges twin of each record: the same document under a second signature, which is all that is kept of it.

create table open_badge_proof (
    credential_id uuid constraint open_badge_proof_pkey primary key
        constraint open_badge_proof_signature_fkey references credential_signature,
    sealed_signature bytea not null
);
comment on table open_badge_proof is 'Certificates signed before this table have no row until the signer has looked through the register once.';

create trigger open_badge_proof_insert_only before update or delete or truncate on open_badge_proof
    for each statement execute function refuse_change();

grant select on open_badge_proof to verify_service_web, verify_service_operator;
grant select, insert on open_badge_proof to verify_service_signer;
