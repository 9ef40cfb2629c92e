-- Paper certificates on their way to partners: what was packed together, when it left and arrived, and what came back.
-- Nothing is ever changed: each step is a row of its own, and what a delivery or a certificate in it is now is derived.
-- No table here holds a personal datum: a certificate stands by its number, whoever took the parcel by the place.

create table delivery (
    delivery_id uuid constraint delivery_pkey primary key,
    delivery_number integer generated always as identity constraint delivery_number_unique unique,
    partner_id uuid not null constraint delivery_partner_fkey references partner,
    cohort_id uuid constraint delivery_cohort_fkey references cohort,
    note text,
    created_by text not null,
    created_at timestamptz not null default now()
);
create index delivery_partner_id on delivery (partner_id);
create index delivery_cohort_id on delivery (cohort_id);
comment on table delivery is 'One parcel to one partner. Packed until a delivery_event says more.';
comment on column delivery.delivery_number is 'What people call it, on the packing list and on the telephone; gaps mean nothing.';
comment on column delivery.cohort_id is 'Where every certificate in it is of one class; null for a mixed parcel.';
comment on column delivery.created_by is 'The work handle of an account, as in the trail.';

create table delivery_item (
    delivery_item_id bigint generated always as identity constraint delivery_item_pkey primary key,
    delivery_id uuid not null constraint delivery_item_delivery_fkey references delivery,
    certificate_number text not null
        constraint delivery_item_credential_fkey references credential (certificate_number),
    packed_by text not null,
    packed_at timestamptz not null default now(),
    constraint delivery_item_once_a_delivery unique (delivery_id, certificate_number)
);
create index delivery_item_certificate_number on delivery_item (certificate_number);

create table delivery_item_event (
    delivery_id uuid not null,
    certificate_number text not null,
    event text not null constraint delivery_item_event_known check (event in ('unpacked', 'returned')),
    reason text,
    recorded_by text not null,
    recorded_at timestamptz not null default now(),
    constraint delivery_item_event_pkey primary key (delivery_id, certificate_number),
    constraint delivery_item_event_item_fkey foreign key (delivery_id, certificate_number)
        references delivery_item (delivery_id, certificate_number),
    constraint delivery_item_event_reasoned check ((event = 'returned') = (reason is not null))
);
comment on table delivery_item_event is 'How a certificate left its parcel: taken out before it was sent, or not with the partner after.';

create table delivery_event (
    delivery_id uuid not null constraint delivery_event_delivery_fkey references delivery,
    event text not null constraint delivery_event_known check (event in ('sent', 'received', 'cancelled')),
    happened_on date,
    courier text,
    courier_number text,
    received_by text constraint delivery_event_received_by_known check (
        received_by in ('head', 'office', 'teacher', 'reception')
    ),
    recorded_by text not null,
    recorded_at timestamptz not null default now(),
    constraint delivery_event_pkey primary key (delivery_id, event),
    constraint delivery_event_dated check ((event = 'cancelled') = (happened_on is null)),
    constraint delivery_event_sent_by check ((event = 'sent') = (courier is not null)),
    constraint delivery_event_courier_number check (event = 'sent' or courier_number is null),
    constraint delivery_event_received check ((event = 'received') = (received_by is not null))
);
comment on column delivery_event.received_by is 'Who took it, as a place in the institution: a name would be a personal datum nobody needs here.';
comment on column delivery_event.courier_number is 'Null where it was handed over in person.';

-- A paper is in one parcel at a time, whoever packs. Writers wait for each other, so that none misses the other's row.
create function guard_delivery_item() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('delivery', 0));
    if exists (select from delivery_event where delivery_id = new.delivery_id) then
        raise exception 'a delivery that was sent or cancelled takes nothing more' using errcode = 'restrict_violation';
    end if;
    if exists (
        select
          from delivery_item
          left join delivery_item_event
            on delivery_item_event.delivery_id = delivery_item.delivery_id
           and delivery_item_event.certificate_number = delivery_item.certificate_number
          left join delivery_event
            on delivery_event.delivery_id = delivery_item.delivery_id and delivery_event.event = 'cancelled'
         where delivery_item.certificate_number = new.certificate_number
           and delivery_item_event.event is null and delivery_event.event is null
    ) then
        raise exception 'a certificate is in another delivery' using errcode = 'unique_violation';
    end if;
    return new;
end
$$;
create trigger delivery_item_guarded before insert on delivery_item
    for each row execute function guard_delivery_item();

create function guard_delivery_event() returns trigger language plpgsql as $$
declare
    was_sent boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended('delivery', 0));
    was_sent := exists (select from delivery_event where delivery_id = new.delivery_id and event = 'sent');
    if was_sent is distinct from (new.event = 'received')
       or exists (select from delivery_event where delivery_id = new.delivery_id and event = 'cancelled') then
        raise exception 'a delivery is sent before it is received, and cancelled only before it is sent'
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger delivery_event_guarded before insert on delivery_event
    for each row execute function guard_delivery_event();

create function guard_delivery_item_event() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('delivery', 0));
    if exists (select from delivery_event where delivery_id = new.delivery_id and event = 'cancelled')
       or exists (select from delivery_event where delivery_id = new.delivery_id and event = 'sent')
          is distinct from (new.event = 'returned') then
        raise exception 'what is in a delivery is taken out before it is sent, and returned after'
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger delivery_item_event_guarded before insert on delivery_item_event
    for each row execute function guard_delivery_item_event();

create trigger delivery_insert_only before update or delete or truncate on delivery
    for each statement execute function refuse_change();
create trigger delivery_item_insert_only before update or delete or truncate on delivery_item
    for each statement execute function refuse_change();
create trigger delivery_item_event_insert_only before update or delete or truncate on delivery_item_event
    for each statement execute function refuse_change();
create trigger delivery_event_insert_only before update or delete or truncate on delivery_event
    for each statement execute function refuse_change();

-- Columns are listed so that every instant is the database's own.
grant select on delivery, delivery_item, delivery_item_event, delivery_event to verify_service_console;
grant insert (delivery_id, partner_id, cohort_id, note, created_by) on delivery to verify_service_console;
grant insert (delivery_id, certificate_number, packed_by) on delivery_item to verify_service_console;
grant insert (delivery_id, certificate_number, event, reason, recorded_by)
    on delivery_item_event to verify_service_console;
grant insert (delivery_id, event, happened_on, courier, courier_number, received_by, recorded_by)
    on delivery_event to verify_service_console;

-- A partner sees its own parcels and what became of them: not the centre's notes, nor who of the staff did what.
grant select (delivery_id, delivery_number, partner_id, cohort_id, created_at) on delivery to verify_service_portal;
grant select (delivery_id, certificate_number) on delivery_item to verify_service_portal;
grant select (delivery_id, certificate_number, event, reason, recorded_at)
    on delivery_item_event to verify_service_portal;
grant select (delivery_id, event, happened_on, courier, courier_number, received_by) on delivery_event
    to verify_service_portal;

-- Every role but the portal's is exempt from policies (ops/database/roles.sql).
alter table delivery enable row level security;
alter table delivery_item enable row level security;
alter table delivery_item_event enable row level security;
alter table delivery_event enable row level security;
-- Without the setting nothing is anybody's. The others follow delivery, whose policy holds inside these too.
create policy delivery_of_partner on delivery for select to verify_service_portal
    using (partner_id = nullif(current_setting('verify_service.partner_id', true), '')::uuid);
create policy delivery_item_of_partner on delivery_item for select to verify_service_portal
    using (exists (select from delivery where delivery.delivery_id = delivery_item.delivery_id));
create policy delivery_item_event_of_partner on delivery_item_event for select to verify_service_portal
    using (exists (select from delivery where delivery.delivery_id = delivery_item_event.delivery_id));
create policy delivery_event_of_partner on delivery_event for select to verify_service_portal
    using (exists (select from delivery where delivery.delivery_id = delivery_event.delivery_id));

-- Who was shown a list of redemption codes is read from the trail.
create index audit_event_codes_listed on audit_event (object_id) where action = 'redemption_codes_listed';
