"""`/staff/deliveries`: parcels of paper certificates, packed and moved along."""

from typing import Final

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

DELIVERIES_ROUTES: Final = (
    show_deliveries,
    pack,
    show_delivery,
    add_certificates,
    take_certificates_out,
    send,
    receive,
    take_back,
    cancel,
)
