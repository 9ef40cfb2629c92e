"""`demo`: the whole main job on sample data, then the pages. Every step repeats safely: an interrupted one goes on."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import msgspec

from verify_service.cli.demo_accounts import sign_ins
from verify_service.cli.endings import end_on_sigterm
from verify_service.cli.printing import print_table
from verify_service.cli.roster_files import read_roster_file
from verify_service.cli.serving import bound_socket, run_server
from verify_service.cli.session import OperatorSession, operator_session
from verify_service.cli.table_files import TableOptions, opened_table
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.credentials.model import ListedCertificate, RevocationReason
from verify_service.credentials.service.correcting import Correction, correct
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.credentials.service.listing import list_certificates
from verify_service.credentials.service.revoking import get_standing, revoke
from verify_service.database import connected, lent_databases
from verify_service.embedded.server import DatabaseUrls, erase_server
from verify_service.errors import ConflictError, ServiceError
from verify_service.exams.model import OMNIMEDIA_OPERATOR, ONLINE_HOST
from verify_service.exams.rules.results_file import check_results, read_results
from verify_service.exams.service.importing import import_results
from verify_service.keys import service as keys
from verify_service.migrate import load_migrations, migrate
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import find_partners, list_partners
from verify_service.rosters.model import RosterImport
from verify_service.rosters.service.importing import import_roster
from verify_service.settings import PREFIX, Settings, load_settings
from verify_service.subjects import service as subjects

MARK: Final = "made-by-demo"
SAMPLES: Final = Path(__file__).resolve().parents[2] / "ops" / "demo"


class SampleClass(msgspec.Struct, frozen=True):
    """One class of the sample data."""

    cohort: str
    kind: str
    roster: str
    photos: str
    results: str


CLASSES: Final = (
    SampleClass(
        "DEMO-OPERATOR", OMNIMEDIA_OPERATOR, "roster-operator.xlsx", "photos-operator.zip", "results-operator.xlsx"
    ),
    SampleClass("DEMO-HOST", ONLINE_HOST, "roster-host.csv", "photos-host.zip", "results-host.xlsx"),
)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--reset", is_flag=True, help="Delete the demo's data and begin anew.")
def demo(port: int, reset: bool) -> None:
    """Import sample rosters, issue, revoke and correct certificates, and serve the pages on this machine."""
    environment = {PREFIX + "PUBLIC_URL": f"http://127.0.0.1:{port}", PREFIX + "DATA_DIR": ".demo", **os.environ}
    settings = load_settings(environment)
    end_on_sigterm()
    with bound_socket("127.0.0.1", port) as listener:
        _claim(settings)
        if reset:
            _erase(settings)
        with lent_databases(settings) as urls:
            _print_guide(settings.require_public_url(), _samples(settings, urls))
            _print_sign_ins(settings.require_public_url(), asyncio.run(_sign_ins(settings, urls)))
            run_server(settings, urls, listener, environment)


def _claim(settings: Settings) -> None:
    """Refuse to issue samples into a register that is not the demo's, or to take a folder it might erase later."""
    if settings.database_url is not None:
        raise click.UsageError(f"the demo has a database of its own: unset {PREFIX}DATABASE_URL")
    mark = settings.data_dir / MARK
    if settings.data_dir.exists() and any(settings.data_dir.iterdir()) and not mark.exists():
        raise click.UsageError(f"{settings.data_dir} was not made by the demo: it is left alone")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _erase(settings: Settings) -> None:
    erase_server(settings.data_dir)
    shutil.rmtree(settings.data_dir)
    _claim(settings)


def _samples(settings: Settings, urls: DatabaseUrls) -> list[Sequence[str]]:
    try:
        return asyncio.run(_prepare(settings, urls))
    except ServiceError as error:
        if error.code == "PUBLIC_URL_CHANGED":
            raise click.UsageError("the demo's QR codes bear another address: make demo PORT=… RESET=1") from None
        raise


async def _prepare(settings: Settings, urls: DatabaseUrls) -> list[Sequence[str]]:
    async with connected(urls.migration, "MIGRATION_DATABASE_URL") as connection:
        await migrate(connection, load_migrations())
    async with operator_session(settings, urls) as session:
        await keys.initialise(session.connection, session.directory, settings.require_public_url(), session.actor)
        for sample_class in CLASSES:
            await _issue_class(session, sample_class)
        listed = [line async for line in list_certificates(session.connection, session.secrets(), CLASSES[0].cohort)]
        valid, revoked, superseded = listed[1:4]
        await _revoke(session, revoked)
        await _correct(session, superseded)
        await session.signing().publish_status()
        return [
            await _guide_line(session, valid, "有效 valid"),
            await _guide_line(session, revoked, "已撤销 revoked"),
            await _guide_line(session, superseded, "已更正换发 superseded"),
        ]


async def _sign_ins(settings: Settings, urls: DatabaseUrls) -> list[Sequence[str]]:
    async with operator_session(settings, urls) as session, connected(urls.console, "CONSOLE_DATABASE_URL") as console:
        partner = (await list_partners(session.connection))[0].name
        partner_id = (await find_partners(session.connection, [partner]))[fold_partner_name(partner)]
        return await sign_ins(session, console, partner_id)


async def _issue_class(session: OperatorSession, sample: SampleClass) -> None:
    with opened_table(str(SAMPLES / sample.roster), TableOptions()) as roster:
        read = read_roster_file(roster, str(SAMPLES / sample.photos), session.settings, for_import=True)
    asked = RosterImport(
        roster=read.roster,
        report=read.report,
        photos=read.photos,
        cohort_code=sample.cohort,
        kind=sample.kind,
        create_partners=True,
    )
    enrolled = await import_roster(session.connection, session.secrets(), session.actor, asked)
    cohort_id = await require_cohort(session.connection, sample.cohort)
    with opened_table(str(SAMPLES / sample.results), TableOptions()) as file:
        table = read_results(file.sheets())
    results = await import_results(
        session.connection,
        session.secrets(),
        session.actor,
        cohort_id=cohort_id,
        results=table,
        checked=check_results(table, today=today_in_shanghai()),
    )
    issued = await issue_cohort(await session.desk(), cohort_id)
    click.echo(
        f"{sample.cohort}: {enrolled.report.summary.rows} trainees ({enrolled.imported} new), "
        f"{results.report.summary.rows} results ({results.imported} new), "
        f"{issued.issued + issued.already_issued} certificates ({issued.issued} new)"
    )


async def _revoke(session: OperatorSession, certificate: ListedCertificate) -> None:
    if certificate.status != "revoked":
        await revoke(
            session.connection,
            session.secrets(),
            session.actor,
            number=certificate.number,
            reason=RevocationReason.HOLDER_REQUEST,
            note=None,
        )


async def _correct(session: OperatorSession, certificate: ListedCertificate) -> None:
    # The sample person's name is taken to have lacked its last character.
    correction = Correction(name=certificate.name + "明", note="样例更正")
    try:
        await correct(await session.desk(), certificate.number, correction, today=today_in_shanghai())
    except ConflictError:
        return  # corrected by an earlier run


async def _guide_line(session: OperatorSession, certificate: ListedCertificate, state: str) -> Sequence[str]:
    standing = await get_standing(session.connection, certificate.number)
    people = await subjects.find_by_ids(session.connection, session.secrets(), [standing.subject_id])
    person = people[standing.subject_id].person
    page = certificate.qr.split("#")[0]
    return state, certificate.number, certificate.name, person.id_number, person.phone or "", page


def _print_guide(public_url: str, samples: list[Sequence[str]]) -> None:
    click.echo("")
    for what, path in (("查询 lookup", "/"), ("接口 API", "/api/docs"), ("公钥 keys", "/.well-known/did.json")):
        click.echo(f"{what:12} {public_url}{path}")
    click.echo("")
    headings = ("状态 state", "证书编号 number", "姓名 name", "身份证号 ID", "手机号 phone", "二维码 QR opens")
    print_table(headings, samples)
    click.echo("\n任填姓名、身份证号、手机号中的两项即可查询；按 Ctrl-C 停止。")
    click.echo("Type any two of name, ID number and phone; Ctrl-C stops.\n")


def _print_sign_ins(public_url: str, lines: list[Sequence[str]]) -> None:
    click.echo(f"工作台 staff console   {public_url}/staff\n合作机构 partner portal {public_url}/partner\n")
    print_table(("账号 name", "密码 password", "验证器密钥 TOTP secret", "恢复码 recovery codes"), lines)
    click.echo("\n动态验证码：将密钥添加到验证器应用，或填写一个恢复码（每个限用一次，每次启动更换）。")
    click.echo("One-time code: of an app with the secret, or a recovery code (each once; new ones at each start).\n")
