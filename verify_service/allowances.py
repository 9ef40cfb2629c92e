"""How many failed questions about the same facts are answered: the budgets' limits, read from the settings."""

import datetime
from typing import Final

import msgspec
from limits import parse_many

from verify_service.errors import UsageError
from verify_service.settings import PREFIX, BudgetLimits

BREAKER_SHARE: Final = 2
"""While the breaker is open, a budget is one in so many: two tries a day are still one slip and its correction."""

LONGEST_WINDOW: Final = datetime.timedelta(days=365)
"""The notice at /privacy says that no failure counts longer."""

EARNED_TRIES: Final = 3
"""So many more a day, for a proof of work each: a slip in the number, one in the name, and the right ones."""


class Allowance(msgspec.Struct, frozen=True):
    """So many failures in any window of this length: it slides, there is no boundary to wait for."""

    tries: int
    window: datetime.timedelta


class Allowances(msgspec.Struct, frozen=True):
    """The allowances of each kind of bucket; all of a kind hold at once."""

    pair: tuple[Allowance, ...]
    """Of a name with a prefix, of an exact ID number and of an exact phone."""
    id_number_prefix: tuple[Allowance, ...]
    phone_prefix: tuple[Allowance, ...]
    name: tuple[Allowance, ...]


def read_allowances(limits: BudgetLimits) -> Allowances:
    """Return the allowances that settings ask for; refuse a misspelt, empty or too long one by its setting."""
    return Allowances(**{field: _parse(field, text) for field, text in msgspec.structs.asdict(limits).items()})


def while_guessed_at(allowances: Allowances) -> Allowances:
    """Return the allowances while the breaker is open: one in `BREAKER_SHARE` of each, at least one try."""
    return Allowances(
        **{
            field: tuple(Allowance(max(1, each.tries // BREAKER_SHARE), each.window) for each in kind)
            for field, kind in msgspec.structs.asdict(allowances).items()
        }
    )


def with_earned_tries(allowances: Allowances) -> Allowances:
    """Return the allowances of whoever has worked: more in a pair's shortest window, no more in a longer one.

    Where there is no longer one the work earns nothing, for nothing would hold back who goes on working.
    """
    shortest, *longer = sorted(allowances.pair, key=lambda each: each.window)
    if not longer:
        return allowances
    eased = Allowance(shortest.tries + EARNED_TRIES, shortest.window)
    return msgspec.structs.replace(allowances, pair=(eased, *longer))


def _parse(field: str, text: str) -> tuple[Allowance, ...]:
    try:
        items = parse_many(text)
    except ValueError:
        items = []
    if not items or any(item.amount < 1 for item in items):
        raise UsageError("BAD_SETTING", f"{PREFIX}BUDGET_{field.upper()}: write tries as 5/day;30/365 days")
    allowances = tuple(Allowance(item.amount, datetime.timedelta(seconds=item.get_expiry())) for item in items)
    if any(allowance.window > LONGEST_WINDOW for allowance in allowances):
        message = f"{PREFIX}BUDGET_{field.upper()}: no window may be longer than {LONGEST_WINDOW.days} days"
        raise UsageError("BAD_SETTING", message)
    return allowances
