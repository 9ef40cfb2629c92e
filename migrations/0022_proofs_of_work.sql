-- Proofs of work: each earns one more answer, once.

create table spent_proof_of_work (
    proof bytea constraint spent_proof_of_work_pkey primary key
        constraint spent_proof_of_work_256_bits check (length(proof) = 32),
    expires_at timestamptz not null
);
create index spent_proof_of_work_expires_at on spent_proof_of_work (expires_at);
comment on table spent_proof_of_work is 'Solved challenges by their signature, an HMAC-SHA-256, until they expire.';

-- Returns whether the proof was still to be had. Of two who hand it in at once, the second waits for the first at the
-- primary key. A row goes a minute after its proof has ended here, by the same clock: no statement runs that long, so
-- none that found the proof alive can find the row gone.
create function spend_proof_of_work(handed_in bytea, ends_at timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    spent integer;
begin
    if ends_at <= now() then
        return false;
    end if;
    insert into spent_proof_of_work (proof, expires_at) values (handed_in, ends_at)
        on conflict (proof) do nothing;
    get diagnostics spent = row_count;
    delete from spent_proof_of_work
     where proof in (
           select proof from spent_proof_of_work where expires_at < now() - interval '1 minute'
            order by expires_at limit 20 for update skip locked
     );
    return spent = 1;
end
$$;
revoke execute on function spend_proof_of_work from public;
grant execute on function spend_proof_of_work to verify_service_web;
