"""The composition root of the console process."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

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
from verify_service.consoles.access import ACCESS, operations_of
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.guard import VISITOR, guard_with
from verify_service.consoles.home import show_staff_home
from verify_service.consoles.responder import ConsoleResponder
from verify_service.consoles.visitors import Visitor
from verify_service.deliveries.routes.steps import (
    add_certificates,
    cancel,
    pack,
    receive,
    send,
    show_deliveries,
    show_delivery,
    take_back,
    take_certificates_out,
)
from verify_service.drafts.routes.deciding import (
    ask_amendment,
    discard_draft,
    hand_in_draft,
    import_one,
    return_draft,
)
from verify_service.drafts.routes.treating import (
    accept_fixes,
    assign_photo,
    download_workbook,
    fill_in_row,
    remove_row,
    show_draft,
    show_photo,
    show_row,
)
from verify_service.drafts.routes.uploading import show_drafts, upload_draft
from verify_service.head_requests import HeadAsGet
from verify_service.institution import load_institution
from verify_service.jobs.routes import cancel_job, pause_job, resume_job, show_job, show_jobs, stream_job
from verify_service.portal.routes import PORTAL_ROUTES, portal_state
from verify_service.proposals.routes.certificates import (
    answer_phone_form,
    download_certificate,
    show_certificate,
    show_phone_form,
)
from verify_service.proposals.routes.changing import propose_correction, propose_revocation, show_correct, show_revoke
from verify_service.proposals.routes.classes import (
    propose_class_issue,
    propose_class_revoke,
    show_class_issue,
    show_class_revoke,
)
from verify_service.proposals.routes.deciding import (
    approve_proposal,
    reject_proposal,
    show_proposal,
    show_proposals,
    withdraw_proposal,
)
from verify_service.registrar.routes.calendar import enter_year, preview_year, show_calendar
from verify_service.registrar.routes.codes import draw_codes, redeem_code, replace_codes, show_codes
from verify_service.registrar.routes.cohorts import open_class, plan_class, show_cohort, show_cohorts
from verify_service.registrar.routes.partners import add_name, register, rename, show_partners
from verify_service.request_bodies import StrictRequest
from verify_service.request_log import RequestLog
from verify_service.security_headers import security_headers
from verify_service.settings import Settings
from verify_service.site_texts import site_texts
from verify_service.turns import Turns

CONSOLE_ROUTES: Final = (
    *(show_sign_in, answer_sign_in, offer_passkey_sign_in, answer_passkey_sign_in, sign_out),
    *(show_invitation, accept_invitation),
    *(show_proof, answer_proof, offer_passkey_proof, answer_passkey_proof),
    *(show_account, end_session, show_password_form, change_password, show_recovery_form, renew_recovery_codes),
    *(show_passkeys, offer_new_passkey, add_passkey, remove_passkey),
    *(show_accounts, add_account, propose_roles, propose_opening, make_link, disable_account, decide_grant),
    *(show_class_issue, propose_class_issue, show_class_revoke, propose_class_revoke),
    *(show_certificate, download_certificate, show_phone_form, answer_phone_form),
    *(show_revoke, propose_revocation, show_correct, propose_correction),
    *(show_proposals, show_proposal, approve_proposal, reject_proposal, withdraw_proposal),
    *(show_jobs, show_job, stream_job, pause_job, resume_job, cancel_job),
    *(show_cohorts, open_class, show_cohort, plan_class),
    *(show_codes, redeem_code, draw_codes, replace_codes),
    *(show_calendar, preview_year, enter_year),
    *(show_partners, register, add_name, rename),
    *(show_deliveries, pack, show_delivery, add_certificates, take_certificates_out),
    *(send, receive, take_back, cancel),
    show_staff_home,
    *PORTAL_ROUTES,
    *(show_drafts, upload_draft, show_draft, show_row, fill_in_row, remove_row, assign_photo, accept_fixes),
    *(show_photo, download_workbook, hand_in_draft, return_draft, ask_amendment, import_one, discard_draft),
)
SMALLEST_COMPRESSED_BYTES: Final = 1024
MAX_FORM_PARTS: Final = 64
NEVER_COMPRESSED: Final = r"/(events|certificates\.zip)$"
"""What is streamed line by line would wait in the compressor."""


def create_console_app(settings: Settings, console_url: str, portal_url: str) -> ASGIApp:
    """Return the application; refuse to start unless the table of access has its routes, and no other."""
    institution = load_institution(settings)
    site = site_texts(institution, settings.require_public_url())
    context = ConsoleContext(settings, console_url, portal_url, institution=institution, site=site)
    return RequestLog(HeadAsGet(assemble_console(context)))


def assemble_console(context: ConsoleContext) -> Litestar:
    """Return the routes with what surrounds all of them."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await context.open()
        try:
            yield
        finally:
            await context.close()

    def provide_console() -> ConsoleContext:
        return context

    def provide_visitor(request: Request[Any, Any, Any]) -> Visitor:
        visitor: Visitor = request.scope["state"][VISITOR]
        return visitor

    turns, upload_turns = Turns(), Turns()

    def provide_turns() -> Turns:
        return turns

    def provide_upload_turns() -> Turns:
        return upload_turns

    app = Litestar(
        route_handlers=CONSOLE_ROUTES,
        request_class=StrictRequest,
        multipart_form_part_limit=MAX_FORM_PARTS,
        dependencies={
            "console": Provide(provide_console, sync_to_thread=False),
            "visitor": Provide(provide_visitor, sync_to_thread=False),
            "sign_in_turns": Provide(provide_turns, sync_to_thread=False),
            **portal_state(),
            "upload_turns": Provide(provide_upload_turns, sync_to_thread=False),
        },
        guards=[guard_with(context)],
        lifespan=[lifespan],
        exception_handlers={Exception: ConsoleResponder(context)},
        before_send=[security_headers(context.public_url)],
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=SMALLEST_COMPRESSED_BYTES, exclude=[NEVER_COMPRESSED]
        ),
        openapi_config=None,
        logging_config=None,
    )
    require_complete_table(app)
    return app


def require_complete_table(app: Litestar) -> None:
    """Raise RuntimeError unless the table of access has exactly the operations of the application."""
    served = set(operations_served(app))
    if served != ACCESS.keys():
        missing, stray = sorted(served - ACCESS.keys()), sorted(ACCESS.keys() - served)
        raise RuntimeError(f"the table of access lacks {missing} and has {stray} that nothing answers")


def operations_served(app: Litestar) -> Iterable[str]:
    """Yield each operation of the application as the table names it."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                methods = set(handler.http_methods) - {"OPTIONS"}
                yield from operations_of([route.path_format], methods)
