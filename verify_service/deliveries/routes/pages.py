"""The two pages of deliveries: the list with what waits, and one parcel."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import Response

from verify_service.audit.model import AuditEvent
from verify_service.audit.service import record
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.queries import list_cohorts
from verify_service.consoles.screens import Refusal, Screen
from verify_service.deliveries.model import ContentsRefusedError, ReceivedBy, RefusedNumber, ReturnReason
from verify_service.deliveries.queries.listing import PAGE, list_newest
from verify_service.deliveries.queries.packing import list_waiting
from verify_service.deliveries.service.reading import open_delivery
from verify_service.partners.queries import list_addressees

TOPIC: Final = "console_deliveries"
NEWEST: Final = 2**31 - 1


class PackForm(msgspec.Struct, frozen=True):
    """What is to be packed: for whom, of which class, which numbers, or everything of the class that waits."""

    partner: str = ""
    cohort: str = ""
    numbers: str = ""
    note: str = ""
    everything: str = ""


class SendForm(msgspec.Struct, frozen=True):
    """How a parcel left."""

    sent_on: str = ""
    courier: str = ""
    courier_number: str = ""


class ReceiveForm(msgspec.Struct, frozen=True):
    """How a parcel arrived."""

    received_on: str = ""
    received_by: str = ""


class NumbersForm(msgspec.Struct, frozen=True):
    """Certificates of a parcel, scanned or chosen, and why they come back."""

    numbers: str | list[str] = ""
    reason: str = ""

    @property
    def text(self) -> str:
        """Return all of them as one list."""
        return self.numbers if isinstance(self.numbers, str) else " ".join(self.numbers)


async def list_page(
    screen: Screen, form: PackForm, *, before: int = NEWEST, error: Refusal | None = None
) -> Response[bytes]:
    """Return the deliveries, the newest first, what waits to be packed, and the form that packs."""
    deliveries = await list_newest(screen.connection, before)
    waiting = await list_waiting(screen.connection, None)
    return screen.page(
        "console/deliveries.html",
        TOPIC,
        error=error,
        deliveries=deliveries,
        older=deliveries[-1].number if len(deliveries) == PAGE else None,
        is_first=before == NEWEST,
        waiting=[one for one in waiting if one.printed or one.not_printed],
        partners=await list_addressees(screen.connection),
        cohorts=await list_cohorts(screen.connection, None),
        form=form,
        refused=_refused(error),
        may_write=screen.may("POST /staff/deliveries"),
    )


async def delivery_page(
    screen: Screen,
    delivery_id: UUID,
    *,
    error: Refusal | None = None,
    refused_form: str = "",
    values: SendForm | ReceiveForm | NumbersForm | None = None,
    notice: str | None = None,
) -> Response[bytes]:
    """Return one parcel, whose page is also its packing list on paper. Raises NotFoundError where there is none."""
    opened = await open_delivery(screen.connection, await screen.secrets(), delivery_id)
    seen = {"page": "delivery", "people": len(opened.items)}
    await record(screen.connection, screen.actor, AuditEvent("people_viewed", "delivery", str(delivery_id), seen))
    today = str(today_in_shanghai())
    return screen.page(
        "console/delivery.html",
        TOPIC,
        error=error,
        opened=opened,
        received_by=ReceivedBy,
        reasons=ReturnReason,
        send=values if isinstance(values, SendForm) else SendForm(sent_on=today),
        receive=values if isinstance(values, ReceiveForm) else ReceiveForm(received_on=today),
        chosen=values if isinstance(values, NumbersForm) else NumbersForm(),
        refused=_refused(error),
        refused_form=refused_form,
        may_write=screen.may("POST /staff/deliveries"),
        notice=notice,
    )


def _refused(error: Refusal | None) -> tuple[RefusedNumber, ...]:
    return error.refused if isinstance(error, ContentsRefusedError) else ()
