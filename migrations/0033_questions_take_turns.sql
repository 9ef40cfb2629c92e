-- Questions about the same facts are asked of the register one after the other. Before, only failures waited for each
-- other: of twenty guesses sent at once the right one was answered while five wrong ones were still being counted, and so
-- twenty were tested for the price of five. A right one still writes nothing.
--
-- Each element of the arrays is one allowance, as `count_failed_lookup` has them. Volatile: the budgets are read anew once
-- the turn has come.
create function is_any_budget_spent(buckets bytea[], tries integer[], windows interval[], asked_at timestamptz)
    returns boolean language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
begin
    -- All take their turns in one order, so that no two wait for each other.
    perform pg_advisory_xact_lock(turn)
       from (
           select distinct hashtextextended('budget ' || encode(bucket, 'hex'), 0) as turn
             from unnest(buckets) as bucket
            order by turn
       ) as ordered;
    -- The buckets are looked for before any allowance is: most questions have none that failed, and of a join with the
    -- allowances the planner would read the whole table for, which grows with every guess.
    return exists (
        select from budget
         where bucket = any (buckets)
           and exists (
               select from unnest(buckets, tries, windows) as allowance (bucket, tries, per)
                where allowance.bucket = budget.bucket
                  and budget_is_spent(budget.failed_at, allowance.tries, allowance.per, asked_at)
           )
    );
end
$$;
revoke execute on function is_any_budget_spent from public;
grant execute on function is_any_budget_spent to verify_service_web;
