-- Receipts of checks are signed with a key of their own, which the web process holds: whoever takes it can write receipts
-- and nothing else.

alter table signing_key
    drop constraint signing_key_purpose_known,
    add constraint signing_key_purpose_known check (
        purpose in ('credential', 'qr', 'status', 'log', 'pdf', 'receipt')
    );
