-- Personal data ends: by the dates of the retention policy, or all of one person's by erasure. Certificates, approvals
-- and the trail stay as they are; without the person's key nothing sealed in them opens again.

alter table subject
    alter column document_type drop not null,
    alter column sealed_name drop not null,
    alter column sealed_sex drop not null,
    alter column sealed_id_number drop not null,
    alter column sealed_phone drop not null,
    add constraint subject_whole_or_erased check (
        num_nulls(document_type, sealed_name, sealed_sex, sealed_id_number) = 0
        or num_nulls(document_type, sealed_name, sealed_sex, sealed_id_number, sealed_phone) = 5
    );
comment on column subject.sealed_phone is 'Null once retention has ended it, or the person was erased.';
comment on column subject.id_number_index is
    'HMAC-SHA-256 of document type and number under the subject secret, which the web process does not hold; random bytes once the person was erased.';

-- Scores are nulled one by one; a sitting that no certificate rests on goes with its person.
grant update (theory_score_tenths, practice_score_tenths), delete on sitting to verify_service_operator;
grant delete on redemption_code to verify_service_operator;
