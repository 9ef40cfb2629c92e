-- An erasure ends every draft that names the person, also one at the command line.

grant update (state, sealed_source, sealed_changes, sealed_note, sealed_amendment, changed_at) on draft
    to verify_service_operator;
grant delete on draft_file, draft_photo to verify_service_operator;
