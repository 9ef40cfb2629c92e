"""The pages of the clinics, drawn."""

from typing import Any, Final

import msgspec
from litestar import Response
from litestar.status_codes import HTTP_200_OK

from verify_service.consoles.pages import console_page
from verify_service.drafts.model import Content, Examined, Fix, FixKind
from verify_service.drafts.routes.asking import Asked
from verify_service.drafts.rules.binding import digest_of
from verify_service.drafts.rules.matching import portraits
from verify_service.drafts.rules.paging import page_of, row_of
from verify_service.drafts.service.clinic import Clinic, OpenedDraft
from verify_service.drafts.service.correcting import find_fixes
from verify_service.drafts.service.deciding import list_drafts, record_reading
from verify_service.drafts.service.examining import LAYOUTS, examine
from verify_service.errors import NotFoundError
from verify_service.exams.model import OMNIMEDIA_OPERATOR, ONLINE_HOST

TOPIC: Final = "console_drafts"
KINDS: Final = (OMNIMEDIA_OPERATOR, ONLINE_HOST)
MOST_CHOICES: Final = 200
"""Pictures that a row's form offers: with more, nobody finds the right one in a list."""


class FixGroup(msgspec.Struct, frozen=True):
    """Fixes of one reason, to be accepted together."""

    code: str
    kind: FixKind
    count: int


async def list_page(asked: Asked, clinic: Clinic, *, status: int = HTTP_200_OK, **form: object) -> Response[bytes]:
    """Return the list of drafts with the form for an upload; `form`: its values and its error, where it is refused."""
    values: dict[str, Any] = {"typed": {}, "field": None, "error": None, "code": "", **form}
    return console_page(
        "console/drafts.html",
        asked.console,
        asked.visitor,
        asked.language,
        topic=TOPIC,
        status=status,
        here=asked.place.menu,
        place=asked.place,
        drafts=await list_drafts(clinic),
        kinds=KINDS,
        notice=asked.notice,
        **values,
    )


async def draft_page(
    asked: Asked,
    clinic: Clinic,
    opened: OpenedDraft,
    *,
    examined: Examined | None = None,
    problem: str | None = None,
    status: int = HTTP_200_OK,
) -> Response[bytes]:
    """Return a draft's page: some of its rows, its photos, what may be accepted, and what may be done with it.

    `examined`: what an import found a moment ago; `problem`: why the last form was refused.
    """
    examined = examined or await examine(clinic, opened)
    fixes = await find_fixes(clinic, opened, examined)
    await record_reading(clinic, opened)
    layout = LAYOUTS[opened.draft.content]
    return console_page(
        "console/draft.html",
        asked.console,
        asked.visitor,
        asked.language,
        topic=TOPIC,
        status=status,
        here=asked.place.menu,
        shown=page_of(examined, layout, fixes, opened.changes.removed, shown=asked.shown, page=asked.page),
        groups=_groups(fixes),
        safe=sum(fix.is_safe for of_row in fixes.values() for fix in of_row),
        changed=len(examined.changed_rows),
        digest=digest_of(opened.draft, opened.changes, opened.amendment, examined.differences),
        problem=problem,
        notice=asked.notice,
        **_shared(asked, opened, examined),
    )


async def row_page(
    asked: Asked, clinic: Clinic, opened: OpenedDraft, number: int, *, status: int = HTTP_200_OK, too_long: bool = False
) -> Response[bytes]:
    """Return the page of one row; NotFoundError where the current table has none of this number."""
    examined = await examine(clinic, opened)
    if number not in examined.current.numbers:
        raise NotFoundError("UNKNOWN_ROW", "the table has no such row")
    fixes = await find_fixes(clinic, opened, examined)
    await record_reading(clinic, opened)
    row = examined.current.numbers.index(number) + 1
    return console_page(
        "console/draft-row.html",
        asked.console,
        asked.visitor,
        asked.language,
        topic=TOPIC,
        status=status,
        here=asked.place.menu,
        row=row_of(examined, LAYOUTS[opened.draft.content], fixes, row),
        too_long=too_long,
        **_shared(asked, opened, examined),
    )


def _shared(asked: Asked, opened: OpenedDraft, examined: Examined) -> dict[str, Any]:
    """Return what the page of a draft and that of a row both show."""
    summary = examined.matched.summary
    taken = set(examined.matched.by_row.values())
    pictures = portraits(opened.source.archive, opened.judged)
    return {
        "place": asked.place,
        "draft": opened.draft,
        "opened": opened,
        "fields": tuple(LAYOUTS[opened.draft.content].headings),
        "required": LAYOUTS[opened.draft.content].required,
        "photos": summary,
        "missing": () if summary is None else tuple(examined.number(row) for row in summary.missing),
        "choices": [(entry, name) for entry, name in pictures.items() if entry not in taken][:MOST_CHOICES],
        "photo_warnings": {} if summary is None else _photo_warnings(examined),
        "is_changeable": opened.draft.state == "open",
        "is_roster": opened.draft.content is Content.ROSTER,
        "filter": asked.shown or examined.first_shown,
        "page_number": asked.page,
    }


def _photo_warnings(examined: Examined) -> dict[int, list[str]]:
    warnings: dict[int, list[str]] = {}
    for warning in examined.matched.summary.warnings if examined.matched.summary else ():
        warnings.setdefault(examined.number(warning.row), []).append(warning.message)
    return warnings


def _groups(fixes: dict[int, tuple[Fix, ...]]) -> list[FixGroup]:
    """Return the reasons that several rows share, the most frequent first; of several choices nobody takes all."""
    counts: dict[tuple[str, FixKind], int] = {}
    for of_row in fixes.values():
        for fix in of_row:
            counts[fix.code, fix.kind] = counts.get((fix.code, fix.kind), 0) + 1
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return [FixGroup(code, kind, count) for (code, kind), count in ordered]
