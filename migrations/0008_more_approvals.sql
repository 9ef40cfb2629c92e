-- More of what an operator does needs an approval: changing a recorded result or a registered person, replacing a
-- redemption code, and ending personal data.

alter table approval drop constraint approval_action_known;
alter table approval add constraint approval_action_known check (
    action in (
        'issue', 'revoke', 'correct', 'keys', 'amend_result', 'amend_person', 'reissue_code', 'erase', 'retention'
    )
);
