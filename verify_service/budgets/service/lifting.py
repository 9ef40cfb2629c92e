"""Lifting budgets: staff has spoken to somebody whom strangers, or honest mistakes, left without an answer."""

from collections.abc import Sequence

from verify_service.allowances import Allowances
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.budgets.model import LiftReport
from verify_service.budgets.queries import upkeep as queries
from verify_service.budgets.rules import code_debits, debits
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.sealing.model import SecretKey


async def lift(
    connection: Connection,
    secrets: Sequence[SecretKey],
    actor: Actor,
    facts: Facts,
    allowances: Allowances,
    *,
    token: str | None = None,
) -> LiftReport:
    """Forget the failures of every bucket these facts, or this QR code, make, as if nobody had asked.

    What is recorded is which kinds, never whose.
    """
    asked = [debit for secret in secrets for debit in debits(secret, facts, allowances)]
    if token is not None:
        asked += [debit for secret in secrets for debit in code_debits(secret, token, allowances)]
    buckets = {debit.bucket: debit.counted for debit in asked}
    async with connection.transaction():
        approval = await approve(connection, actor, "lift_budget")
        emptied = await queries.delete_budgets(connection, list(buckets))
        lifted = tuple(sorted({buckets[bucket].value for bucket in emptied}))
        detail = {"approval": str(approval.approval_id), "lifted": list(lifted)}
        await record(connection, actor, AuditEvent("budget_lifted", "approval", str(approval.approval_id), detail))
    return LiftReport(lifted)
