"""`/partner/certificates/…` and the archive of a class: certificates one by one and together, as pages and files."""

from functools import partial
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

from verify_service.audit.model import AuditEvent
from verify_service.audit.service import record
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import console_page, see_other
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.documents.model import Edition, PrintedCertificate
from verify_service.documents.service import drawing
from verify_service.documents.service.drawing import Studio
from verify_service.documents.service.exporting import ClassArchive
from verify_service.documents.service.printing import print_certificates
from verify_service.keys.service import active_document_key
from verify_service.pages.rendering import Wording
from verify_service.pages.responses import parse_language
from verify_service.portal.queries.certificates import list_valid_of_cohort
from verify_service.portal.routes.asking import TOPIC, attachment, partner_of
from verify_service.portal.routes.downloads import Downloads, Progress
from verify_service.portal.service.archives import OwnPrints
from verify_service.portal.service.certificates import get_chain, require_own_standing
from verify_service.portal.service.cohorts import require_own_cohort
from verify_service.translations import Language

FULL = {"edition": Edition.FULL.value}


@get("/partner/certificates/{number:str}", include_in_schema=False)
async def show_own_certificate(
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return a certificate's page, with its corrections."""
    return await _certificate_page(number, visitor, console, parse_language(lang))


@get("/partner/certificates/{number:str}/certificate.pdf", include_in_schema=False)
async def send_certificate(
    number: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    downloads: NamedDependency[Downloads],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the file, drawn and looked at now; one that is held or no longer stands is answered by its page."""
    async with downloads.turn(), console.portal(visitor) as connection:
        standing = await require_own_standing(connection, partner_of(visitor), number)
        printed = None
        if standing.status == "valid":
            studio = await _studio(visitor, console, downloads, connection)
            (printed,) = await print_certificates(studio, [standing], Edition.FULL)
        if isinstance(printed, PrintedCertificate):
            await record(connection, visitor.actor, AuditEvent("certificate_sent", "certificate", number, FULL))
    if not isinstance(printed, PrintedCertificate):
        return await _certificate_page(number, visitor, console, parse_language(lang), status=HTTP_409_CONFLICT)
    headers = attachment(printed.drawn.file_name, f"{number}.pdf")
    return Response(printed.drawn.data, media_type="application/pdf", headers=headers)


@get("/partner/cohorts/{code:str}/certificates.zip", include_in_schema=False, status_code=HTTP_200_OK)
async def send_archive(
    code: FromPath[str],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    downloads: NamedDependency[Downloads],
    download: FromQuery[UUID | None] = None,
    lang: FromQuery[str | None] = None,
) -> Stream | Response[bytes]:
    """Return the valid certificates of the partner's people in a class, each leaving as soon as it was looked at."""
    downloads.require_room()
    partner_id = partner_of(visitor)
    async with console.portal(visitor) as connection:
        cohort_id = await require_own_cohort(connection, partner_id, code)
        valid = await list_valid_of_cohort(connection, partner_id, cohort_id)
        if not valid:
            return see_other(f"/partner/cohorts/{code}", parse_language(lang), notice="nothing-to-send")
        await active_document_key(connection)  # without one nothing could be drawn, and the answer would break off
        detail = FULL | {"count": len(valid)}
        await record(connection, visitor.actor, AuditEvent("certificates_sent", "cohort", str(cohort_id), detail))
    open_studio = partial(_studio, visitor, console, downloads)
    prints = OwnPrints(partial(console.portal, visitor), open_studio, partner_id, valid)
    if download is not None:
        downloads.remember(visitor.session_id, download, prints)
    archive = ClassArchive(code, aiter(prints), _opening(console, code, len(valid), parse_language(lang)))
    headers = attachment(f"证书_{code}.zip", f"certificates-{code}.zip")
    return Stream(downloads.send(archive), media_type="application/zip", headers=headers)


@get("/partner/downloads/{download:uuid}", include_in_schema=False)
async def show_progress(
    download: FromPath[UUID], visitor: NamedDependency[Visitor], downloads: NamedDependency[Downloads]
) -> Progress:
    """Return how far an archive is that this session is being sent."""
    return downloads.get_progress(visitor.session_id, download)


async def _studio(visitor: Visitor, console: ConsoleContext, downloads: Downloads, connection: Connection) -> Studio:
    return await drawing.open_studio(
        connection,
        await console.secrets(connection),
        console.directory,
        visitor.actor,
        console.settings,
        downloads.signers.open,
    )


def _opening(console: ConsoleContext, code: str, count: int, language: Language) -> tuple[str, str]:
    """Return name and text of the file in front, which is on its way while the first certificate is drawn."""
    t = Wording(language, TOPIC)
    return t("files.opening-name"), t("files.opening", code=code, count=count, url=console.public_url)


async def _certificate_page(
    number: str, visitor: Visitor, console: ConsoleContext, language: Language, *, status: int = HTTP_200_OK
) -> Response[bytes]:
    async with console.portal(visitor) as connection:
        chain = await get_chain(connection, await console.secrets(connection), partner_of(visitor), number)
    return console_page(
        "console/own-certificate.html", console, visitor, language, topic=TOPIC, status=status, chain=chain
    )
