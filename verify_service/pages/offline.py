"""The offline page: one file with script, style, keys and status lists inside, in Chinese and English at once."""

import base64
import datetime
import hashlib
from functools import cache
from typing import Final

import msgspec
from markupsafe import Markup

from verify_service.pages.dates import format_instant
from verify_service.pages.rendering import ENVIRONMENT, Wording
from verify_service.pages.verification_views import OfflineView
from verify_service.pages.views import SiteTexts
from verify_service.translations import PUBLIC_SITE, Language

KIT: Final = PUBLIC_SITE / "kit"
TOPIC: Final = "offline"


class _Carried(msgspec.Struct, frozen=True, rename="camel"):
    """What the script reads."""

    did_document: str
    jwks: str
    origins: tuple[str, ...]
    status_lists: tuple[str, ...]
    valid_until: datetime.datetime | None
    """When the first of the lists grows stale."""


class _ListAge(msgspec.Struct, frozen=True, rename="camel"):
    valid_from: datetime.datetime
    valid_until: datetime.datetime


@cache
def offline_policy() -> str:
    """Return the page's Content-Security-Policy: its own script and style, and no request to anybody."""
    script, style = (_digest(text) for text in (_script(), _style()))
    sources = (
        f"script-src '{script}'; style-src '{style}'; img-src data:"  # data: keeps browsers from asking for an icon
    )
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def render_offline(view: OfflineView, site: SiteTexts) -> bytes:
    """Return the page; the same for the same view, so that whoever downloads it twice sees whether it changed."""
    ages = [msgspec.json.decode(text, type=_ListAge) for text in view.status_lists]
    carried = _Carried(
        did_document=view.did_document,
        jwks=view.jwks,
        origins=view.origins,
        status_lists=view.status_lists,
        valid_until=min((age.valid_until for age in ages), default=None),
    )
    page = ENVIRONMENT.get_template("offline.html").render(
        site=site,
        policy=offline_policy(),
        script=Markup(_script()),  # noqa: S704  # files of ours
        style=Markup(_style()),  # noqa: S704
        # No "<" in data: nothing of it can end the element it stands in.
        carried=Markup(msgspec.json.encode(carried).decode().replace("<", "\\u003c")),  # noqa: S704
        as_of=min((age.valid_from for age in ages), default=None),
        zh=Wording(Language.CHINESE, TOPIC),
        en=Wording(Language.ENGLISH, TOPIC),
        zh_time=lambda instant: format_instant(instant, Language.CHINESE),
        en_time=lambda instant: format_instant(instant, Language.ENGLISH),
    )
    return page.encode()


@cache
def _script() -> str:
    """Return the one source of the verifier, and what connects it with the page."""
    return (KIT / "verify.mjs").read_text("utf-8") + (KIT / "offline.mjs").read_text("utf-8")


@cache
def _style() -> str:
    return (KIT / "offline.css").read_text("utf-8")


def _digest(text: str) -> str:
    """Return a source expression of CSP Level 3 §2.3.1."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
