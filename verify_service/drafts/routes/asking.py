"""Whose clinic is asked, for which drafts, and where its pages are."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.visitors import Visitor
from verify_service.database import Connection
from verify_service.drafts.model import Content, RowFilter
from verify_service.drafts.service.clinic import Clinic
from verify_service.errors import NotFoundError
from verify_service.name_faces import load_name_faces
from verify_service.pages.responses import parse_language
from verify_service.sealing.model import Secrets
from verify_service.translations import Language

STAFF_ROSTERS: Final = "/staff/rosters"
ROSTERS: Final = (STAFF_ROSTERS, "/partner/rosters")
RESULTS: Final = "/staff/results"
MAX_FORM_BYTES: Final = 64 << 10


class Place(msgspec.Struct, frozen=True):
    """Where a request is in the consoles."""

    home: str
    """Address of the list: `/staff/rosters`."""
    content: Content

    @property
    def menu(self) -> str:
        """Return the address of the menu's entry: results are behind that of rosters."""
        return STAFF_ROSTERS if self.home == RESULTS else self.home

    def of(self, draft_id: UUID, rest: str = "") -> str:
        """Return the address of a draft, or of something of it."""
        return f"{self.home}/{draft_id}{rest}"


class Asked(msgspec.Struct, frozen=True):
    """What every page of the clinic knows of its request."""

    place: Place
    visitor: Visitor
    console: ConsoleContext
    language: Language
    notice: str | None = None
    shown: RowFilter | None = None
    """None: those that are looked at first."""
    page: int = 1

    @asynccontextmanager
    async def clinic(self) -> AsyncIterator[Clinic]:
        """Lend the clinic of whoever asks, in one transaction: a partner's sees that partner's rows alone."""
        # Which secrets are in use is no partner's to read.
        async with self.console.connection() as connection:
            secrets = await self.console.secrets(connection)
        if self.visitor.partner_id is not None:
            async with self.console.portal(self.visitor) as connection:
                yield self._clinic(connection, secrets)
            return
        async with self.console.connection() as connection, connection.transaction():
            yield self._clinic(connection, secrets)

    def _clinic(self, connection: Connection, secrets: Secrets) -> Clinic:
        return Clinic(
            connection=connection,
            secrets=secrets,
            actor=self.visitor.actor,
            partner_id=self.visitor.partner_id,
            content=self.place.content,
            today=today_in_shanghai(),
            missing_characters=load_name_faces(self.console.settings).missing,
            language=self.language,
        )

    @property
    def query(self) -> dict[str, str]:
        """Return what of the address leads back to the same rows."""
        return {"page": str(self.page)} | ({} if self.shown is None else {"show": self.shown.value})


def asked_of(request: Request[Any, Any, Any], visitor: Visitor, console: ConsoleContext) -> Asked:
    """Return what a request's address says; what it says wrongly is as if it said nothing."""
    _, console_name, table, *_ = request.url.path.split("/")
    query = request.query_params
    return Asked(
        place=Place(f"/{console_name}/{table}", Content.RESULTS if table == "results" else Content.ROSTER),
        visitor=visitor,
        console=console,
        language=parse_language(query.get("lang")),
        notice=query.get("notice"),
        shown=_filter(query.get("show")),
        page=_number(query.get("page")),
    )


async def fields_of(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """Return the texts of a form; files are left out."""
    return {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}


async def files_of(request: Request[Any, Any, Any]) -> Mapping[str, UploadFile]:
    """Return the files of a form that somebody chose."""
    return {
        name: value
        for name, value in (await request.form()).multi_items()
        if isinstance(value, UploadFile) and value.filename
    }


def addresses(rest: str = "") -> list[str]:
    """Return the addresses of a page of every clinic, `rest` below the list's."""
    return [f"{home}{rest}" for home in (*ROSTERS, RESULTS)]


def number_of(text: str | None) -> int | None:
    """Return a whole number from 0 that a form names, None where it names none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 6 else None


def place_in(text: str) -> int:
    """Return the number of a row or of an entry that an address names; NotFoundError where it is none."""
    number = number_of(text)
    if number is None:
        raise NotFoundError("UNKNOWN_ROW", "the table has no such row")
    return number


def _filter(text: str | None) -> RowFilter | None:
    return RowFilter(text) if text in set(RowFilter) else None


def _number(text: str | None) -> int:
    return max(1, number_of(text) or 1)
