-- What may be changed after it was recorded: how a sitting ended while no certificate rests on it, who enrolled a
-- person, and what a partner is called.

create function guard_amendment() returns trigger language plpgsql as $$
begin
    if exists (select from credential where credential.exam_entry_id = old.exam_entry_id) then
        raise exception 'a certificate rests on this sitting: revoke or correct it' using errcode = 'restrict_violation';
    end if;
    new.recorded_at := now();
    return new;
end
$$;
-- A score that becomes null was ended by retention, which changes no result; comparing with null is not true.
create trigger sitting_amended before update on sitting for each row when (
    new.held_on <> old.held_on or new.conclusion <> old.conclusion
    or new.theory_score_tenths <> coalesce(old.theory_score_tenths, -1)
    or new.practice_score_tenths <> coalesce(old.practice_score_tenths, -1)
) execute function guard_amendment();

grant update (held_on, conclusion, theory_score_tenths, practice_score_tenths) on sitting to verify_service_operator;
grant update (partner_id) on enrolment to verify_service_operator;
grant update (name) on partner to verify_service_operator;

-- Names are folded with one hyphen for every dash now. The former folding stays beside it: code of before finds it.
insert into partner_alias (folded_name, partner_id)
select regexp_replace(folded_name, '[-‐‑‒–—―⁃−]+', '-', 'g'), partner_id
  from partner_alias
 order by folded_name
    on conflict (folded_name) do nothing;
