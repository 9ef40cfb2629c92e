"""A webhook on the sample register whose receiver is on this machine, as a site on loopback allows."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from signing import parse_token
from tests.office import Office
from tests.receivers import Received, Receiver, receiving
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.key_directory import KeyDirectory
from verify_service.settings import Settings
from verify_service.webhooks.service import watching
from verify_service.webhooks.service.posting import open_courier
from verify_service.webhooks.service.sending import Sender
from verify_service.webhooks.service.watching import Access


class Hook(msgspec.Struct, frozen=True):
    """A webhook as its client knows it."""

    id: str
    secret: str
    token: str

    @property
    def access(self) -> Access:
        access = watching.read_access(self.id, f"Bearer {self.token}")
        assert access is not None
        return access

    async def watch(self, web: Connection, *tokens: str) -> None:
        """Watch certificates by their tokens."""
        assert await watching.watch(web, self.access, [parse_token(token) for token in tokens]) is not None

    def judge(self, received: Received) -> Any:  # noqa: ANN401  # what was sent
        """Return what was sent, as software of others believes it."""
        return Webhook(self.secret).verify(received.body, received.headers)


@pytest.fixture(autouse=True)
def logging_as_before(logging_restored: None) -> None:
    """A sender run in this process logs as one of its own would."""


@pytest.fixture
def settings(settings: Settings, issuer_database: DatabaseUrls) -> Settings:
    return msgspec.structs.replace(settings, webhooks_database_url=issuer_database.webhooks)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hook(sample: Office, receiver: Receiver) -> Hook:
    return add_hook(sample, receiver.url)


@pytest.fixture
def hosts(sample: Office) -> list[dict[str, Any]]:
    """Certificates of the class of hosts, as the operator lists them."""
    return sample.list("--cohort", "host")


@pytest.fixture
async def sending(database: DatabaseUrls) -> AsyncIterator[Connection]:
    """A connection under the role that sends."""
    async with connected(database.webhooks, "WEBHOOKS_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def sender(settings: Settings) -> Sender:
    return Sender(await open_courier(loopback=True), KeyDirectory(settings), settings.require_public_url())


def add_hook(office: Office, url: str, *options: str) -> Hook:
    ran = office.run("webhooks", "add", "--url", url, "--name", "某平台", "--json", *options)
    assert ran.code == 0, ran.err
    return msgspec.convert(ran.json, Hook)


def revoke(office: Office, certificate: dict[str, Any], reason: str = "holder_request") -> None:
    ran = office.run("certificates", "revoke", certificate["number"], "--reason", reason)
    assert ran.code == 0, ran.err
