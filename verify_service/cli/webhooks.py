"""`webhooks add | list | remove | deliveries | retry | deliver`."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click

from verify_service.cli.endings import end_on_sigterm, hear_the_end
from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.database import lent_databases
from verify_service.key_directory import KeyDirectory
from verify_service.logs import configure_logging
from verify_service.settings import Settings, load_settings
from verify_service.webhooks.model import DeliveryState, ListedDelivery, ListedWebhook, NewWebhook
from verify_service.webhooks.rules.destinations import parse_destination
from verify_service.webhooks.service import subscribing
from verify_service.webhooks.service.posting import open_courier
from verify_service.webhooks.service.running import deliver_once, deliver_until
from verify_service.webhooks.service.sending import Sender

WEBHOOK = click.UUID
DEFAULT_MAX_WATCHES = 100_000
MAX_NAME_CHARACTERS = 100


@click.group()
def webhooks() -> None:
    """Tell platforms, signed, when certificates they watch are revoked or superseded."""


@webhooks.command()
@click.option("--url", required=True, help="Where deliveries go: https, on the public internet.")
@click.option("--name", default="", help="Whose it is, for lists and the trail; the URL's host without it.")
@click.option(
    "--max-watches",
    type=click.IntRange(1, 1_000_000),
    default=DEFAULT_MAX_WATCHES,
    show_default=True,
    help="So many certificates may be watched.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def add(url: str, name: str, max_watches: int, as_json: bool) -> None:
    """Make a webhook; its signing secret and its bearer token are shown now and never again."""
    if len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise click.UsageError(f"--name has at most {MAX_NAME_CHARACTERS} printable characters")

    async def job(session: OperatorSession) -> NewWebhook:
        loopback = session.settings.is_on_loopback()
        destination = parse_destination(url, loopback=loopback)
        await (await open_courier(loopback=loopback)).open_addresses(destination)
        return await subscribing.add(
            session.connection,
            session.directory,
            session.actor,
            url=url,
            destination=destination,
            name=name or destination.host,
            max_watches=max_watches,
        )

    made = run_as_operator(job)
    if as_json:
        print_json(made)
        return
    click.echo(f"webhook  {made.id}")
    click.echo(f"secret   {made.secret}   signs deliveries: the receiver checks them with it")
    click.echo(f"token    {made.token}   sets what is watched: Authorization: Bearer …")
    click.echo("Hand both over by a safe way; neither can be shown again.")


@webhooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List webhooks: how many certificates each watches, and what became of its deliveries."""

    async def job(session: OperatorSession) -> list[ListedWebhook]:
        return await subscribing.list_all(session.connection, session.directory)

    listed = run_as_operator(job)
    if as_json:
        print_json(listed)
        return
    print_table(
        ("webhook", "name", "to", "watched", "delivered", "waiting", "dead"),
        (
            (line.id, line.name, line.origin, *map(str, (line.watched, line.delivered, line.waiting, line.dead)))
            for line in listed
        ),
    )


@webhooks.command()
@click.argument("webhook", type=WEBHOOK)
def remove(webhook: UUID) -> None:
    """End a webhook, with what it watches; what it was not told yet, it never will be."""
    name = run_as_operator(lambda session: subscribing.remove(session.connection, session.actor, webhook))
    click.echo(f"{name} is told nothing more")


@webhooks.command()
@click.argument("webhook", type=WEBHOOK, required=False)
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def deliveries(webhook: UUID | None, state: str | None, as_json: bool) -> None:
    """List the 500 newest deliveries, of one webhook or of all."""

    async def job(session: OperatorSession) -> list[ListedDelivery]:
        wanted = None if state is None else DeliveryState(state)
        return await subscribing.list_deliveries(session.connection, webhook, wanted)

    listed = run_as_operator(job)
    if as_json:
        print_json(listed)
        return
    print_table(
        ("delivery", "webhook", "type", "number", "state", "attempts", "last outcome", "next"),
        (
            (
                *(line.id, line.webhook, line.type, line.number, line.state, str(line.attempts), line.outcome or ""),
                "" if line.due_at is None else f"{line.due_at:%Y-%m-%d %H:%M:%S}Z",
            )
            for line in listed
        ),
    )


@webhooks.command()
@click.argument("webhook", type=WEBHOOK)
def retry(webhook: UUID) -> None:
    """Send anew, now, whatever has not arrived at a webhook, what was given up included."""
    revived = run_as_operator(lambda session: subscribing.retry(session.connection, session.actor, webhook))
    click.echo(f"deliveries sent anew: {revived}")


@webhooks.command()
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
@click.option("--until-stdin-ends", is_flag=True, hidden=True, help="End with the process that started this one.")
def deliver(once: bool, until_stdin_ends: bool) -> None:
    """Send what is due, for ever; `serve` keeps one of these running. Several do not send the same twice."""
    settings = load_settings(os.environ)
    settings.require_public_url()
    configure_logging()
    if once:
        with _database(settings) as url:
            attempted = asyncio.run(_deliver_once(settings, url))
        click.echo(f"deliveries attempted: {attempted}")
        return
    end_on_sigterm()  # until the loop hears it: an embedded database that was started must be stopped
    with _database(settings) as url:
        asyncio.run(_deliver(settings, url, until_stdin_ends=until_stdin_ends))


async def _deliver_once(settings: Settings, url: str) -> int:
    return await deliver_once(await _sender(settings), url)


async def _deliver(settings: Settings, url: str, *, until_stdin_ends: bool) -> None:
    ended = hear_the_end(until_stdin_ends=until_stdin_ends)
    await deliver_until(ended.wait(), await _sender(settings), url)


async def _sender(settings: Settings) -> Sender:
    courier = await open_courier(loopback=settings.is_on_loopback())
    return Sender(courier, KeyDirectory(settings), settings.require_public_url())


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    # A sender's machine may know no other role's URL.
    if settings.webhooks_database_url is not None:
        yield settings.webhooks_database_url
        return
    with lent_databases(settings) as urls:
        yield urls.webhooks
