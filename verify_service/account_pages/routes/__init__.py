"""The pages of sign-in and of one's own account."""

from typing import Final

from verify_service.account_pages.routes.administration import (
    add_account,
    decide_grant,
    disable_account,
    make_link,
    propose_opening,
    propose_roles,
    show_accounts,
)
from verify_service.account_pages.routes.invitations import accept_invitation, show_invitation
from verify_service.account_pages.routes.own_account import (
    add_passkey,
    change_password,
    end_session,
    offer_new_passkey,
    remove_passkey,
    renew_recovery_codes,
    show_account,
    show_passkeys,
    show_password_form,
    show_recovery_form,
)
from verify_service.account_pages.routes.proof import (
    answer_passkey_proof,
    answer_proof,
    offer_passkey_proof,
    show_proof,
)
from verify_service.account_pages.routes.sign_in import (
    answer_passkey_sign_in,
    answer_sign_in,
    offer_passkey_sign_in,
    show_sign_in,
    sign_out,
)

ACCOUNT_PAGES_ROUTES: Final = (
    show_sign_in,
    answer_sign_in,
    offer_passkey_sign_in,
    answer_passkey_sign_in,
    sign_out,
    show_invitation,
    accept_invitation,
    show_proof,
    answer_proof,
    offer_passkey_proof,
    answer_passkey_proof,
    show_account,
    end_session,
    show_password_form,
    change_password,
    show_recovery_form,
    renew_recovery_codes,
    show_passkeys,
    offer_new_passkey,
    add_passkey,
    remove_passkey,
    show_accounts,
    add_account,
    propose_roles,
    propose_opening,
    make_link,
    disable_account,
    decide_grant,
)
