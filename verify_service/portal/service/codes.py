"""A partner's list of redemption codes: drawn once, and then only remembered to have been."""

from uuid import UUID

from verify_service.audit.model import Actor
from verify_service.database import Connection
from verify_service.errors import ConflictError
from verify_service.portal.queries import people as queries
from verify_service.portal.service.cohorts import require_one
from verify_service.redemption_codes.rules.lists import code_workbook
from verify_service.redemption_codes.service import hand_out_codes
from verify_service.sealing.model import Secrets


async def draw_codes(connection: Connection, secrets: Secrets, actor: Actor, partner_id: UUID, code: str) -> bytes:
    """Return the workbook of the codes of a class that no list has handed out, its only copy, and forget them.

    Refuses a class that is not there or in which the partner has nobody, and one without a new code.
    """
    cohort_id = require_one(await queries.list_cohorts(connection, partner_id, code)).cohort_id
    codes = await hand_out_codes(
        connection, secrets, actor, cohort_id=cohort_id, partner_id=partner_id, may_renew=False
    )
    if not codes:
        raise ConflictError("CODES_LISTED", "every code of the class was handed out already")
    return code_workbook(code, await queries.get_name(connection, partner_id), codes)
