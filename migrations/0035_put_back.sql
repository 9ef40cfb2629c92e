-- What was taken out of a delivery can be put into it again. What left it is an item, not a certificate of a delivery:
-- each time a certificate is packed is a row of its own, and so is each time it left.

alter table delivery_item_event add column delivery_item_id bigint;
alter table delivery_item_event disable trigger delivery_item_event_insert_only;
update delivery_item_event
   set delivery_item_id = delivery_item.delivery_item_id
  from delivery_item
 where delivery_item.delivery_id = delivery_item_event.delivery_id
   and delivery_item.certificate_number = delivery_item_event.certificate_number;
alter table delivery_item_event enable trigger delivery_item_event_insert_only;

alter table delivery_item_event
    drop constraint delivery_item_event_item_fkey,
    drop constraint delivery_item_event_pkey;
alter table delivery_item
    drop constraint delivery_item_once_a_delivery,
    add constraint delivery_item_of_delivery unique (delivery_item_id, delivery_id, certificate_number);
alter table delivery_item_event
    add constraint delivery_item_event_pkey primary key (delivery_item_id),
    add constraint delivery_item_event_item_fkey foreign key (delivery_item_id, delivery_id, certificate_number)
        references delivery_item (delivery_item_id, delivery_id, certificate_number);
create index delivery_item_delivery_id on delivery_item (delivery_id, certificate_number);
create index delivery_item_event_delivery_id on delivery_item_event (delivery_id, certificate_number);
comment on column delivery_item_event.delivery_item_id is 'The one time it was packed that this ends; the trigger fills it in.';

create or replace function guard_delivery_item() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('delivery', 0));
    if exists (select from delivery_event where delivery_id = new.delivery_id) then
        raise exception 'a delivery that was sent or cancelled takes nothing more' using errcode = 'restrict_violation';
    end if;
    if exists (
        select
          from delivery_item
          left join delivery_item_event on delivery_item_event.delivery_item_id = delivery_item.delivery_item_id
          left join delivery_event
            on delivery_event.delivery_id = delivery_item.delivery_id and delivery_event.event = 'cancelled'
         where delivery_item.certificate_number = new.certificate_number
           and delivery_item_event.event is null and delivery_event.event is null
    ) then
        raise exception 'a certificate is in a delivery' using errcode = 'unique_violation';
    end if;
    return new;
end
$$;

create or replace function guard_delivery_item_event() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('delivery', 0));
    if exists (select from delivery_event where delivery_id = new.delivery_id and event = 'cancelled')
       or exists (select from delivery_event where delivery_id = new.delivery_id and event = 'sent')
          is distinct from (new.event = 'returned') then
        raise exception 'what is in a delivery is taken out before it is sent, and returned after'
            using errcode = 'restrict_violation';
    end if;
    new.delivery_item_id := (
        select delivery_item.delivery_item_id
          from delivery_item
          left join delivery_item_event on delivery_item_event.delivery_item_id = delivery_item.delivery_item_id
         where delivery_item.delivery_id = new.delivery_id
           and delivery_item.certificate_number = new.certificate_number
           and delivery_item_event.event is null
    );
    if new.delivery_item_id is null then
        raise exception 'a certificate leaves a delivery that it is in' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

grant select (delivery_item_id) on delivery_item, delivery_item_event to verify_service_portal;
