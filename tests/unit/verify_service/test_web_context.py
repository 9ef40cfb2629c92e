from pathlib import Path

import pytest

from signing import TrustedKeys
from verify_service.database import Connection
from verify_service.errors import DatabaseUnavailableError
from verify_service.pages.views import SiteTexts
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.settings import Settings
from verify_service.trust import Trust
from verify_service.web_context import WebContext


class CountingContext(WebContext):
    """Counts how often it is told to read its keys anew."""

    refreshed = 0

    async def refresh_trust(self) -> Trust:
        self.refreshed += 1
        return await super().refresh_trust()


async def _read(_connection: Connection, _trust: Trust | None) -> Trust:
    raise AssertionError("there is no connection to read by")


async def _read_breaker(_connection: Connection) -> bool:
    raise AssertionError("there is no connection to read by")


async def _ask(_connection: Connection, _trust: Trust) -> str:
    raise AssertionError("there is no connection to ask")


def _context(folder: Path) -> CountingContext:
    return CountingContext(
        Settings(data_dir=folder, key_dir=folder, public_url="http://127.0.0.1:8000", effort=800),
        "postgresql://",
        read_trust=_read,
        read_breaker=_read_breaker,
        trust=Trust(
            "did:web:127.0.0.1%3A8000",
            TrustedKeys([]),
            (),
            SecretKey(SecretPurpose.INDEX, 1, bytes(32)),
            SecretKey(SecretPurpose.BUDGET, 1, bytes(32)),
        ),
        site=SiteTexts("", "样例培训中心", "", "Sample", "127.0.0.1"),
    )


async def test_a_database_that_lends_no_connection_is_not_asked_for_a_second_one(tmp_path: Path) -> None:
    """Under a flood every request would otherwise wait twice, the second time behind all others."""
    context = _context(tmp_path)

    with pytest.raises(DatabaseUnavailableError):
        await context.answer(_ask)

    assert context.refreshed == 0


def test_while_the_breaker_is_open_an_answer_costs_four_times_the_work(tmp_path: Path) -> None:
    context = _context(tmp_path)
    assert context.effort == 800

    context.breaker_open = True

    assert context.effort == 3200
