-- The secret of an authenticator app is made for each opening of an invitation's page and travels sealed in its form: what
-- is stored is the one that somebody confirmed. Links that are open go on working. A console of the code before this one
-- makes and opens no invitation until it is restarted; nothing else reads these columns.

alter table account_invitation drop column key_id, drop column sealed_totp;
