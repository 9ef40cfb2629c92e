-- The print gate: each drawn file was looked at before it leaves. Files are not kept, they are drawn again alike; what is
-- kept is which drawing passed.

create table print_check (
    print_check_id bigint generated always as identity constraint print_check_pkey primary key,
    credential_id uuid not null constraint print_check_credential_fkey references credential,
    edition text not null constraint print_check_edition_known check (edition in ('full', 'masked')),
    drawing_digest bytea constraint print_check_digest_256_bits check (length(drawing_digest) = 32),
    held_for text,
    checked_at timestamptz not null default now(),
    constraint print_check_drawn_or_held check (drawing_digest is not null or held_for is not null)
);
comment on column print_check.drawing_digest is 'SHA-256 of the file before its signature. Null where nothing could be drawn.';
comment on column print_check.held_for is 'Why the file may not leave, as a code. Null: it passed.';
create index print_check_of_credential on print_check (credential_id, edition);

create trigger print_check_insert_only before update or delete or truncate on print_check
    for each statement execute function refuse_change();

grant select on print_check to verify_service_operator, verify_service_web;
grant insert (credential_id, edition, drawing_digest, held_for) on print_check to verify_service_operator;
