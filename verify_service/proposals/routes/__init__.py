"""Staff pages on which something is proposed, decided, or seen of one certificate."""

from typing import Final

from verify_service.proposals.routes.certificates import (
    answer_phone_form,
    download_certificate,
    show_certificate,
    show_phone_form,
)
from verify_service.proposals.routes.classes import (
    propose_class_issue,
    propose_class_revoke,
    show_class_issue,
    show_class_revoke,
)
from verify_service.proposals.routes.correcting import propose_correction, show_correct
from verify_service.proposals.routes.deciding import (
    approve_proposal,
    reject_proposal,
    show_proposal,
    show_proposals,
    withdraw_proposal,
)
from verify_service.proposals.routes.revoking import propose_revocation, show_revoke

PROPOSALS_ROUTES: Final = (
    show_class_issue,
    propose_class_issue,
    show_class_revoke,
    propose_class_revoke,
    show_certificate,
    download_certificate,
    show_phone_form,
    answer_phone_form,
    show_revoke,
    propose_revocation,
    show_correct,
    propose_correction,
    show_proposals,
    show_proposal,
    approve_proposal,
    reject_proposal,
    withdraw_proposal,
)
