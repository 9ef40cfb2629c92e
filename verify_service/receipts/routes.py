"""`POST /receipt`: the answer on a page, as a signed file."""

from typing import Final

import anyio.to_thread
import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.status_codes import HTTP_200_OK

from verify_service.clock import now
from verify_service.problems import ANSWER_EXPIRED, MALFORMED_BODY, ProblemError
from verify_service.rate_limits.routes import RECEIPTS
from verify_service.receipts.rules.offers import MAX_CHARACTERS, BrokenOfferError, ExpiredOfferError, open_offer
from verify_service.receipts.service import draw_receipt
from verify_service.request_bodies import reads
from verify_service.turns import Turns
from verify_service.web_context import WebContext

MAX_BODY_BYTES: Final = MAX_CHARACTERS + 1024


class ReceiptForm(msgspec.Struct, frozen=True):
    """The one hidden field of an answer's page."""

    answer: str = ""


@post(
    "/receipt",
    status_code=HTTP_200_OK,
    include_in_schema=False,
    opt=RECEIPTS,
    before_request=reads("application/x-www-form-urlencoded"),
    request_max_body_size=MAX_BODY_BYTES,
)
async def give_receipt(
    data: URLEncodedBody[ReceiptForm], context: NamedDependency[WebContext], drawing_turns: NamedDependency[Turns]
) -> Response[bytes]:
    """Return the receipt of the answer the page showed: the register is not asked again, and nothing is counted."""
    try:
        receipt, key = open_offer(data.answer, context.trust.receipt_signing, now())
    except ExpiredOfferError:
        raise ProblemError(ANSWER_EXPIRED) from None
    except BrokenOfferError:
        raise ProblemError(MALFORMED_BODY) from None
    async with drawing_turns.turn():
        file = await anyio.to_thread.run_sync(draw_receipt, receipt, key)
    headers = {"Content-Disposition": f'attachment; filename="receipt-{receipt.number}.pdf"'}
    return Response(file, media_type="application/pdf", headers=headers)
