"""One function per page: a view in, the bytes of an HTML document out, the same for the same arguments."""

import math
from typing import Final
from urllib.parse import quote

import jinja2
import msgspec

from verify_service.pages.assets import asset_path
from verify_service.pages.dates import format_date, format_instant
from verify_service.pages.verification_views import (
    MAX_FILE_BYTES,
    KeysView,
    ReceiptVerdictView,
    UploadFormView,
    VerdictView,
)
from verify_service.pages.views import (
    LandingView,
    LookupFormView,
    MatchFormView,
    MatchView,
    PrivacyView,
    ProblemTypeView,
    ProblemView,
    ResultView,
    SiteTexts,
)
from verify_service.translations import PUBLIC_SITE, Language, catalogue

TOPIC: Final = "pages"
READING: Final = "reading"
"""The topic of pages that are read and not used."""

HELP: Final = ("genuine", "answers", "missing", "often", "scan", "keep")
PRIVACY: Final = ("who", "asking", "holders", "shown", "shared", "safe", "rights")
ACCESSIBILITY: Final = ("aim", "does", "checked", "lacks", "report")
"""The sections of each, in order; their names are addresses on the page."""

ANSWER_NUMBERS: Final = {
    "valid": 1, "revoked": 2, "superseded": 3, "not_found": 4, "unavailable": 5, "unverifiable": 5, "invalid": 6,
}  # fmt: skip
"""What a visitor can read out on the telephone, the same in both languages."""

PROBLEM_NAMES: Final = frozenset({
    "two-fields-required",
    "malformed-field",
    "malformed-body",
    "not-found",
    "method-not-allowed",
    "answer-expired",
    "payload-too-large",
    "unsupported-media-type",
    "too-many-requests",
    "too-many-failures",
    "unavailable",
})  # fmt: skip
"""Problems that have words of their own."""

RETRY_NAMES: Final = frozenset({"too-many-requests", "unavailable"})

# StrictUndefined: a misspelt member fails the tests instead of leaving a hole in a certificate's answer.
ENVIRONMENT: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(PUBLIC_SITE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
ENVIRONMENT.globals |= {"asset": asset_path, "answer_numbers": ANSWER_NUMBERS}


class Wording(msgspec.Struct, frozen=True):
    """The words of one page: `t(key, …)` in templates, with dates and addresses in the same language."""

    language: Language
    topic: str = TOPIC

    def __call__(self, key: str, **values: str | int) -> str:
        """Return a sentence of the catalogue with its {placeholders} filled; autoescaping comes after."""
        text = catalogue(self.language, self.topic)[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Tell whether there is such a sentence: for keys that come out of an address."""
        return key in catalogue(self.language, self.topic)

    @property
    def english(self) -> bool:
        """True on the English page, where Chinese names are marked as such for fonts and screen readers."""
        return self.language is Language.ENGLISH

    def url(self, path: str) -> str:
        """Return a path of this site that stays in the language of the page; Chinese is the default."""
        return f"{path}?lang={self.language}" if self.english else path

    def other_url(self, path: str) -> str:
        """Return the same path in the other language."""
        return path if self.english else f"{path}?lang={Language.ENGLISH}"


def render_lookup(view: LookupFormView, site: SiteTexts, language: Language) -> bytes:
    """Return the start page with the lookup form; with errors, the page says so in its title and names each field."""
    messages = {problem.field: problem.message for problem in view.errors}
    return _render("lookup.html", site, language, path="/", form=view, messages=messages)


def render_result(view: ResultView, site: SiteTexts, language: Language) -> bytes:
    """Return the answer to a lookup. Its language link leads home: the answer belongs to a POST without an address."""
    form = MatchFormView(facts=view.facts)
    shown: dict[str, object] = {"result": view, "receipt": view.receipt, "match_form": form, "messages": {}}
    return _render("result.html", site, language, path="/", **shown)


def render_landing(view: LandingView, site: SiteTexts, language: Language) -> bytes:
    """Return what a QR code leads to. The token may be anything a stranger put into the address, so it is quoted."""
    form = MatchFormView(token=view.token)
    shown: dict[str, object] = {"landing": view, "certificate": view.certificate, "receipt": view.receipt}
    shown |= {"match_form": form, "messages": {}}
    return _render("landing.html", site, language, path=_token_path(view.token), **shown)


def render_match(view: MatchView, site: SiteTexts, language: Language) -> bytes:
    """Return what agrees, or the form with its errors. The language link leads to where the form first stood."""
    form = view.form
    path = "/" if form.token is None else _token_path(form.token)
    messages = {problem.field: problem.message for problem in form.errors}
    return _render("match.html", site, language, path=path, view=view, match_form=form, messages=messages)


def render_verify(view: UploadFormView, site: SiteTexts, language: Language) -> bytes:
    """Return the page with the forms for a file and for a QR code's text."""
    return _render("verify.html", site, language, path="/verify", form=view, max_file_bytes=MAX_FILE_BYTES)


def render_verdict(view: VerdictView, site: SiteTexts, language: Language) -> bytes:
    """Return the answer about one artefact. Its language link leads to the forms: the answer has no address."""
    reason = next((made.sentence for made in view.checks if made.outcome not in ("pass", "skipped")), "")
    return _render("verdict.html", site, language, path="/verify", verdict=view, reason=reason)


def render_receipt_verdict(view: ReceiptVerdictView, site: SiteTexts, language: Language) -> bytes:
    """Return the answer about a receipt, in words that no certificate is answered with."""
    reason = next((made.sentence for made in view.checks if made.outcome not in ("pass", "skipped")), "")
    return _render("receipt-verdict.html", site, language, path="/verify", verdict=view, reason=reason)


def render_keys(view: KeysView, site: SiteTexts, language: Language) -> bytes:
    """Return the page of public keys, downloads and the way to check without this site."""
    return _render("keys.html", site, language, path="/keys", view=view)


def render_help(site: SiteTexts, language: Language) -> bytes:
    """Return how to tell real from fake, what each answer means, and what to do when nothing is found."""
    return _render_reading("help", HELP, site, language)


def render_privacy(view: PrivacyView, site: SiteTexts, language: Language) -> bytes:
    """Return the rules for personal data that article 17 of the PIPL asks for, with the terms of this installation."""
    return _render_reading("privacy", PRIVACY, site, language, view=view)


def render_accessibility(site: SiteTexts, language: Language) -> bytes:
    """Return the accessibility statement."""
    return _render_reading("accessibility", ACCESSIBILITY, site, language)


def render_problem(view: ProblemView, site: SiteTexts, language: Language) -> bytes:
    """Return the page of a problem; an unknown name falls back by status, so that an error page never fails itself."""
    name = view.name
    if name not in PROBLEM_NAMES:
        name = "unavailable" if view.status >= 500 else "malformed-body"
    minutes = None
    if name in RETRY_NAMES and view.retry_after_seconds:
        minutes = math.ceil(view.retry_after_seconds / 60)
    return _render("problem.html", site, language, path="/", name=name, minutes=minutes, work=view.work)


def render_problem_type(view: ProblemTypeView, site: SiteTexts, language: Language) -> bytes:
    """Return the page that the type of a problem document leads to."""
    words = Wording(language, "problems")
    return _render("problem-type.html", site, language, path=f"/problems/{view.name}", type=view, words=words)


def render_api_docs() -> bytes:
    """Return the page of the API viewer, the only one with scripts; it is for engineers, and most of it in English."""
    curl, python = ((PUBLIC_SITE / "api" / name).read_text("utf-8") for name in ("batch.sh", "batch.py"))
    return ENVIRONMENT.get_template("api-docs.html").render(curl=curl, python=python).encode()


def _token_path(token: str) -> str:
    return f"/v/{quote(token, safe='')}"


def _render_reading(
    topic: str, sections: tuple[str, ...], site: SiteTexts, language: Language, **values: object
) -> bytes:
    words = Wording(language, READING)
    return _render(f"{topic}.html", site, language, path=f"/{topic}", r=words, topic=topic, sections=sections, **values)


def _render(template: str, site: SiteTexts, language: Language, *, path: str, **values: object) -> bytes:
    page = ENVIRONMENT.get_template(template).render(
        t=Wording(language),
        site=site,
        path=path,
        format_date=lambda day: format_date(day, language),
        format_instant=lambda instant: format_instant(instant, language),
        **values,
    )
    return page.encode()
