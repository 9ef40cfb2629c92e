-- The consoles: staff pages and their jobs under one role, partners' pages under another. What the operator's role may do
-- at the command line, the console's may do on its pages, but for keys, for an approval by one hand, and for what ends
-- personal data by the calendar. The partners' role is opened row by row, where rows are told apart.

grant select on approval, audit_event to verify_service_console;
grant insert (approval_id, action, given_by, actor, second_actor, sealed_note, object_type, object_id)
    on approval to verify_service_console;
grant insert (actor, action, object_type, object_id, detail) on audit_event to verify_service_console;

grant select, insert on partner, partner_alias, cohort to verify_service_console;
grant update (name) on partner to verify_service_console;
grant update (partner_id, exam_on, make_up_on) on cohort to verify_service_console;

grant select, insert on subject, subject_key, photo to verify_service_console;
grant update (document_type, id_number_index, sealed_name, sealed_sex, sealed_id_number, sealed_phone, changed_at)
    on subject to verify_service_console;
grant select, insert on enrolment, exam_entry, sitting to verify_service_console;
grant update (photo_id, partner_id) on enrolment to verify_service_console;
grant update (held_on, conclusion, theory_score_tenths, practice_score_tenths) on sitting to verify_service_console;
grant select on redemption_code, replaced_redemption_code to verify_service_console;
grant insert (enrolment_id, code_index, sealed_code, key_version) on redemption_code to verify_service_console;
grant update (code_index, sealed_code, redeemed_at, key_version) on redemption_code to verify_service_console;
grant insert (code_index, enrolment_id, key_version) on replaced_redemption_code to verify_service_console;

grant select, insert on working_day_year, working_day_exception to verify_service_console;
grant update (source, amended_because) on working_day_year to verify_service_console;
grant delete on working_day_exception to verify_service_console;

grant select on schema_migration, issuer, signing_key, secret_check, certificate_kind, template to verify_service_console;
grant insert (template_digest, kind, title, issuer_name, content) on template to verify_service_console;

grant select, insert on credential, certificate_number_counter, status_list, lookup_key to verify_service_console;
grant select on credential_signature, credential_event, open_badge_proof, status_list_publication to verify_service_console;
grant insert (credential_id, event, reason, approval_id) on credential_event to verify_service_console;
grant update (last_serial) on certificate_number_counter to verify_service_console;
grant update (used, occupied) on status_list to verify_service_console;
grant delete on lookup_key to verify_service_console;
grant select on print_check to verify_service_console;
grant insert (credential_id, edition, drawing_digest, held_for) on print_check to verify_service_console;
-- Drawing is the consoles' and the command line's: the public process has no use for it.
revoke select on print_check from verify_service_web;

grant select on budget, lookup_breaker, canary, lookup_alarm to verify_service_console;
grant delete on budget to verify_service_console;

grant select on schema_migration, certificate_kind to verify_service_portal;
