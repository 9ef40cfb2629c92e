"""The budgets' settings: read, halved, or refused by name."""

import datetime

import msgspec
import pytest

from verify_service.allowances import Allowance, read_allowances, while_guessed_at, with_earned_tries
from verify_service.errors import UsageError
from verify_service.settings import BudgetLimits, load_settings

DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize("text", ["", "five/day", "0/day", "5/fortnight", ";", "5/day;30/366 days"])
@pytest.mark.parametrize("field", ["pair", "id_number_prefix", "phone_prefix", "name"])
def test_a_misspelt_budget_is_refused_by_its_name(field: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"VERIFY_SERVICE_BUDGET_{field.upper()}"):
        read_allowances(BudgetLimits(**{field: text}))


def test_the_environment_sets_each_budget() -> None:
    settings = load_settings({"VERIFY_SERVICE_BUDGET_PAIR": "2/day;3/7 days", "VERIFY_SERVICE_BUDGET_NAME": "9/day"})

    allowances = read_allowances(settings.budgets)

    assert allowances.pair == (Allowance(2, DAY), Allowance(3, 7 * DAY))
    assert allowances.name == (Allowance(9, DAY),)
    assert allowances.phone_prefix == (Allowance(50, DAY),)


def test_under_attack_half_is_left_and_never_nothing() -> None:
    halved = while_guessed_at(read_allowances(BudgetLimits(name="1/day")))

    assert [allowance.tries for allowance in halved.pair] == [2, 5, 15]
    assert [allowance.window.days for allowance in halved.pair] == [1, 30, 365]
    assert halved.name == (Allowance(1, DAY),)


def test_work_earns_three_more_a_day_and_nothing_more_a_month_or_a_year() -> None:
    earned = with_earned_tries(read_allowances(BudgetLimits()))

    assert earned.pair == (Allowance(8, DAY), Allowance(10, 30 * DAY), Allowance(30, 365 * DAY))
    assert msgspec.structs.replace(earned, pair=()) == msgspec.structs.replace(read_allowances(BudgetLimits()), pair=())


def test_work_earns_nothing_where_no_longer_window_would_hold_it_back() -> None:
    allowances = read_allowances(BudgetLimits(pair="5/day"))

    assert with_earned_tries(allowances) == allowances
