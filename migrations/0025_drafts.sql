-- Rosters and results that are being put right on the consoles' pages. Nothing of a draft is in the register: it is taken
-- in whole by an import, which ends it, or it ends by itself. Everything personal is sealed under the draft's own data key.

create table draft (
    draft_id uuid constraint draft_pkey primary key,
    content text not null constraint draft_content_known check (content in ('roster', 'results')),
    cohort_code text not null
        constraint draft_cohort_code_shape check (cohort_code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    kind text constraint draft_kind_fkey references certificate_kind,
    partner_id uuid constraint draft_partner_fkey references partner,
    uploaded_by text not null,
    file_digest bytea not null constraint draft_file_digest_sha256 check (length(file_digest) = 32),
    state text not null default 'open' constraint draft_state_known check (
        state in ('open', 'handed_in', 'imported', 'discarded')
    ),
    row_count integer not null,
    rejected_count integer not null,
    amended_by text,
    kek_id text,
    wrapped bytea,
    sealed_source bytea,
    sealed_changes bytea,
    sealed_note bytea,
    sealed_amendment bytea,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    constraint draft_kind_of_rosters check ((content = 'roster') = (kind is not null)),
    constraint draft_emptied_when_ended check (
        num_nulls(kek_id, wrapped, sealed_source, sealed_changes) = 0 and state in ('open', 'handed_in')
        or num_nulls(kek_id, wrapped, sealed_source, sealed_changes, sealed_note, sealed_amendment) = 6
           and state in ('imported', 'discarded')
    ),
    constraint draft_amendment_by_somebody check ((amended_by is not null) or (sealed_amendment is null))
);
create index draft_of_partner on draft (partner_id, created_at);
comment on table draft is 'An uploaded table while people correct it. Ended, it keeps who, when and how many until retention takes it.';
comment on column draft.partner_id is 'Whose it is; null for what staff uploaded.';
comment on column draft.file_digest is 'SHA-256 of the table as it was handed in: the receipt by which both sides know which file it was.';
comment on column draft.sealed_source is 'What the files said, as read in a confined process. It never changes.';
comment on column draft.sealed_changes is 'What people changed since: cells, rows taken out, photos given to rows.';
comment on column draft.sealed_note is 'Why staff returned it.';
comment on column draft.sealed_amendment is 'Why its import may change what stands. Another person than amended_by imports it then.';
comment on column draft.rejected_count is 'Rows with an error, checked without the register, when it was last changed.';

create table draft_file (
    draft_id uuid constraint draft_file_pkey primary key constraint draft_file_draft_fkey references draft on delete cascade,
    sealed_file bytea not null
);
comment on table draft_file is 'The uploaded table itself, for the workbook that shows what is wrong with it.';

create table draft_photo (
    draft_photo_id uuid constraint draft_photo_pkey primary key,
    draft_id uuid not null constraint draft_photo_draft_fkey references draft on delete cascade,
    entry integer not null,
    code text,
    warnings text[] not null,
    sealed_jpeg bytea,
    constraint draft_photo_once_an_entry unique (draft_id, entry),
    constraint draft_photo_or_why_not check ((code is null) = (sealed_jpeg is not null))
);
comment on table draft_photo is 'What became of each picture of the uploaded archive: a portrait, or the code of why there is none.';
comment on column draft_photo.entry is 'Place in the archive.';

-- A key wrapped by a secret that is on its way out would soon open nothing. Sharing a lock on the secrets' rows, an upload
-- and the taking over of a secret wait for each other: the rotation then finds every draft there is.
create function require_newest_kek() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from secret_check where split_part(key_id, '-', 1) = 'field' for share;
    if new.kek_id not in (select 'field-' || version from secret_versions('field', '{incoming}') as version)
       and new.kek_id is distinct from (
           select 'field-' || max(version) from secret_versions('field', '{active}') as version
       )
    then
        perform refuse_old_secrets();
    end if;
    return null;
end
$$;
create trigger draft_kek_newest after insert or update of kek_id on draft
    for each row when (new.kek_id is not null) execute function require_newest_kek();

-- A partner's pages see and change that partner's drafts, and know its own names. The other roles are exempt from policies
-- (ops/database/roles.sql), but for imports, which must go on until that has been run.
alter table draft enable row level security;
alter table draft_file enable row level security;
alter table draft_photo enable row level security;
alter table partner_alias enable row level security;
create policy draft_of_partner on draft to verify_service_portal
    using (partner_id = nullif(current_setting('verify_service.partner_id', true), '')::uuid)
    with check (partner_id = nullif(current_setting('verify_service.partner_id', true), '')::uuid and state <> 'imported');
create policy draft_file_of_partner on draft_file to verify_service_portal
    using (exists (select from draft where draft.draft_id = draft_file.draft_id));
create policy draft_photo_of_partner on draft_photo to verify_service_portal
    using (exists (select from draft where draft.draft_id = draft_photo.draft_id));
create policy partner_alias_of_partner on partner_alias for select to verify_service_portal
    using (partner_id = nullif(current_setting('verify_service.partner_id', true), '')::uuid);
create policy partner_alias_of_imports on partner_alias to verify_service_operator using (true);

grant select on draft, draft_file, draft_photo to verify_service_console, verify_service_portal, verify_service_operator;
grant insert (
    draft_id, content, cohort_code, kind, partner_id, uploaded_by, file_digest, row_count, rejected_count, kek_id, wrapped,
    sealed_source, sealed_changes
) on draft to verify_service_console, verify_service_portal;
grant insert on draft_file, draft_photo to verify_service_console, verify_service_portal;
grant update (
    state, row_count, rejected_count, kek_id, wrapped, sealed_source, sealed_changes, sealed_note, sealed_amendment,
    changed_at
) on draft to verify_service_console, verify_service_portal;
grant update (amended_by) on draft to verify_service_console;
grant delete on draft_file, draft_photo to verify_service_console, verify_service_portal;
grant select on partner_alias to verify_service_portal;

-- The operator's: rewrapping at a rotation, and what retention ends.
grant update (kek_id, wrapped), delete on draft to verify_service_operator;

-- An import that changes a person writes the index anew, under whichever secret finds people now.
grant update (key_version) on subject to verify_service_console;
