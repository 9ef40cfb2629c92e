"""`verify`: check certificates that somebody was handed, without a database or keys of our own."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import click
import msgspec

from signing import InvalidKeyError
from verify_service.cli.artefact_files import is_qr_text, lend_artefact, require_readable
from verify_service.cli.parameters import language_option
from verify_service.cli.printing import print_json
from verify_service.cli.session import read_file
from verify_service.cli.verdicts import VerdictPrinter
from verify_service.errors import UnavailableError, UsageError
from verify_service.settings import Settings, load_settings
from verify_service.translations import Language
from verify_service.verification.model import Check, Issuer, Verdict, VerdictOutcome
from verify_service.verification.rules.outcomes import verdict
from verify_service.verification.service.authority import Authority
from verify_service.verification.service.issuers import origin_of, read_issuer
from verify_service.verification.service.site import SiteAuthority, fetch_issuer, open_site
from verify_service.verification.service.verifying import verify_qr_text, verify_upload

EXIT_CODES: Final[dict[VerdictOutcome, int]] = {
    "invalid": 1,
    "not_found": 1,
    "revoked": 3,
    "superseded": 3,
    "unverifiable": 4,
    "valid": 0,
}
"""Worst first: of several artefacts the worst decides."""


class _Asking(msgspec.Struct, frozen=True):
    """Whom to ask, and whether."""

    origin: str
    settings: Settings
    trusted: Issuer | None
    lists: tuple[bytes, ...]
    offline: bool


@click.command("verify")
@click.argument("artefacts", nargs=-1, required=True, metavar="FILE_OR_TEXT...")
@click.option("--keys", "key_folder", type=click.Path(), help="Folder with did.json and jwks.json, by `keys publish`.")
@click.option("--status-list", "list_files", multiple=True, type=click.Path(), help="Signed status list; repeatable.")
@click.option("--offline", is_flag=True, help="Ask no network; needs --keys.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an object, or for several artefacts a list of them.")
@language_option("Language of the answer.")
def verify(
    *,
    artefacts: tuple[str, ...],
    key_folder: str | None,
    list_files: tuple[str, ...],
    offline: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Check PDFs, records (JSON), pictures of QR codes (PNG, JPEG) or texts of QR codes.

    A text begins with https:// or http://. It holds a name, and arguments are seen by others on this machine: - reads
    a text or a file from standard input. Keys come from --keys or from the site PUBLIC_URL over TLS, never from what
    is checked; without --offline the register there is asked too.

    Exit: 0 valid, 1 invalid or not found, 3 revoked or superseded, 4 could not be checked, 2 wrong usage. Of several
    the worst counts, in the order 1, 3, 4, 0.
    """
    if offline and key_folder is None:
        raise click.UsageError("--offline needs --keys: a folder with did.json and jwks.json")
    settings = load_settings(os.environ)
    trusted = None if key_folder is None else _read_issuer(Path(key_folder), settings)
    lists = tuple(read_file(path) for path in list_files)
    for number, argument in enumerate(artefacts, start=1):
        require_readable(number, argument)
    origin = settings.public_url or (trusted.origins[0] if trusted else settings.require_public_url())
    verdicts = asyncio.run(_verify_all(artefacts, _Asking(origin, settings, trusted, lists, offline)))
    if as_json:
        print_json(verdicts[0] if len(verdicts) == 1 else verdicts)
    else:
        VerdictPrinter(language).print_all(artefacts, verdicts)
    return next(code for outcome, code in EXIT_CODES.items() if outcome in {made.outcome for made in verdicts})


def _read_issuer(folder: Path, settings: Settings) -> Issuer:
    did_document, jwk_set = (read_file(str(folder / name)) for name in ("did.json", "jwks.json"))
    try:
        issuer = read_issuer(did_document, jwk_set)
        origins = (settings.public_url, *settings.former_public_urls, origin_of(issuer.did))
    except InvalidKeyError as error:
        raise UsageError("KEYS_UNREADABLE", f"{folder}: did.json and jwks.json: {error}") from None
    return msgspec.structs.replace(issuer, origins=tuple(dict.fromkeys(filter(None, origins))))


async def _verify_all(artefacts: tuple[str, ...], asking: _Asking) -> list[Verdict]:
    try:
        async with _authority(asking) as authority:
            return [await _verify(artefact, authority) for artefact in artefacts]
    except UnavailableError:
        # Only keys can be missing here: every other question is answered by a check.
        return [verdict([Check("signature", "error", "KEYS_UNREACHABLE")]) for _ in artefacts]


@asynccontextmanager
async def _authority(asking: _Asking) -> AsyncIterator[Authority]:
    if asking.offline:
        assert asking.trusted is not None  # noqa: S101  # refused above
        yield SiteAuthority(asking.trusted, None, asking.lists)
        return
    async with open_site(asking.origin) as site:
        issuer = asking.trusted or await fetch_issuer(site, asking.settings.former_public_urls)
        yield SiteAuthority(issuer, site, asking.lists)


async def _verify(argument: str, authority: Authority) -> Verdict:
    if is_qr_text(argument):
        return await verify_qr_text(argument, authority)
    with lend_artefact(argument) as file:
        return await verify_upload(file, authority)
