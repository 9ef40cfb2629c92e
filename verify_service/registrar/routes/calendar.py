"""`/staff/calendar`: the years, what is missing, and a year entered or amended once its effect was seen."""

from collections.abc import Sequence
from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromQuery, MultipartBody, URLEncodedBody
from litestar.status_codes import HTTP_200_OK

from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import preview_calendar
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.pages import see_other
from verify_service.consoles.screens import REFUSALS, Refusal, Screen, lent_screen
from verify_service.consoles.visitors import Visitor
from verify_service.errors import UsageError
from verify_service.working_days.model import YearNotice
from verify_service.working_days.queries import list_notices, load_calendar
from verify_service.working_days.rules.counting import coverage
from verify_service.working_days.rules.files import MAX_CALENDAR_BYTES, conflicting_years, parse_notices
from verify_service.working_days.rules.notices import NoticeTextError, read_notice_text
from verify_service.working_days.service import import_notices

TOPIC: Final = "console_calendar"
MAX_BODY_BYTES: Final = MAX_CALENDAR_BYTES + 64 * 1024
MAX_REASON: Final = 500


class NoticeForm(msgspec.Struct, frozen=True):
    """A year's notice as pasted, and where it comes from; the text may also be a calendar file."""

    year: str = ""
    source: str = ""
    text: str = ""
    reason: str = ""


class UploadForm(msgspec.Struct, frozen=True):
    """The same, with the text as a file where there is one."""

    year: str = ""
    source: str = ""
    text: str = ""
    reason: str = ""
    file: UploadFile | None = None


@get("/staff/calendar", include_in_schema=False)
async def show_calendar(
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
    notice: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return the years with their sources, how far due dates can be counted, and the form for a year."""
    async with lent_screen(console, visitor, lang) as screen:
        return await _page(screen, NoticeForm(), notice=notice)


@post("/staff/calendar/preview", include_in_schema=False, status_code=HTTP_200_OK, request_max_body_size=MAX_BODY_BYTES)
async def preview_year(
    data: MultipartBody[UploadForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show what the notice says and which due dates it moves; nothing is saved."""
    async with lent_screen(console, visitor, lang) as screen:
        form = NoticeForm(data.year, data.source, data.text, data.reason)
        try:
            form = msgspec.structs.replace(form, text=await _text_of(data))
            notices = _read(form)
        except REFUSALS as error:
            return await _page(screen, form, error=error)
        return await _preview(screen, form, notices)


@post("/staff/calendar", include_in_schema=False, request_max_body_size=MAX_BODY_BYTES)
async def enter_year(
    data: URLEncodedBody[NoticeForm],
    visitor: NamedDependency[Visitor],
    console: NamedDependency[ConsoleContext],
    lang: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Enter what was previewed; a known year with other days needs a reason."""
    async with lent_screen(console, visitor, lang) as screen:
        try:
            reason = _read_reason(data.reason)
            await import_notices(screen.connection, screen.actor, _read(data), amended_because=reason)
        except REFUSALS as error:
            return await _page(screen, data, error=error)
        return see_other("/staff/calendar", screen.language, notice="entered")


async def _page(
    screen: Screen, form: NoticeForm, *, error: Refusal | None = None, notice: str | None = None
) -> Response[bytes]:
    years = await list_notices(screen.connection)
    reach = coverage(await load_calendar(screen.connection), today_in_shanghai())
    return screen.page(
        "console/calendar.html",
        TOPIC,
        error=error,
        years=sorted(years, key=lambda one: one.year, reverse=True),
        reach=reach,
        form=form if form.year else msgspec.structs.replace(form, year=str(_next_year(years))),
        passage=error.passage if isinstance(error, NoticeTextError) else None,
        may_write=screen.may("POST /staff/calendar"),
        notice=notice,
    )


async def _preview(screen: Screen, form: NoticeForm, notices: Sequence[YearNotice]) -> Response[bytes]:
    standing = {one.year: one for one in await list_notices(screen.connection)}
    return screen.page(
        "console/calendar-preview.html",
        TOPIC,
        form=form,
        notices=notices,
        known=standing,
        amended=conflicting_years(notices, standing),
        moved=await preview_calendar(screen.connection, notices),
    )


async def _text_of(form: UploadForm) -> str:
    """Return the text of the file, or else what was pasted. Raises UsageError CALENDAR_FILE."""
    data = b"" if form.file is None else await form.file.read()
    if not data:
        return form.text
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("CALENDAR_FILE", "the file is not text in UTF-8") from None


def _read(form: NoticeForm) -> tuple[YearNotice, ...]:
    """Return the years of a form. Raises UsageError as the rules on notices do, CALENDAR_YEAR for no such year."""
    if form.text.lstrip().startswith("{"):
        return parse_notices(form.text.encode(), form.source)
    if not (form.year.isascii() and form.year.isdecimal() and 2000 <= int(form.year) <= 2099):
        raise UsageError("CALENDAR_YEAR", "a year is from 2000 to 2099")
    if not form.text.strip():
        raise UsageError("CALENDAR_EMPTY", "paste the notice, or choose its file")
    return (read_notice_text(form.text, int(form.year), form.source),)


def _read_reason(text: str) -> str | None:
    reason = " ".join(text.split())
    if len(reason) > MAX_REASON:
        raise UsageError("CALENDAR_REASON", f"a reason has up to {MAX_REASON} characters")
    return reason or None


def _next_year(years: Sequence[YearNotice]) -> int:
    return max((one.year for one in years), default=today_in_shanghai().year - 1) + 1
