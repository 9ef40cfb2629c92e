"""Every state of every page, in both languages: what a test claims of one page it claims of all."""

import datetime
from collections.abc import Callable, Iterator
from functools import partial

import msgspec
import pytest

from tests.unit.verify_service.pages.receipt_pages import receipt_verdicts
from tests.unit.verify_service.pages.verification_pages import KEYS, UPLOAD_FORMS, verdicts
from verify_service.pages.rendering import (
    PROBLEM_NAMES,
    render_accessibility,
    render_help,
    render_keys,
    render_landing,
    render_lookup,
    render_match,
    render_privacy,
    render_problem,
    render_receipt_verdict,
    render_result,
    render_verdict,
    render_verify,
)
from verify_service.pages.views import (
    CertificateTitle,
    CertificateView,
    CheckView,
    CodeView,
    FieldProblem,
    KeptFor,
    LandingView,
    LookupFormView,
    LookupValues,
    MatchedField,
    MatchFormView,
    MatchView,
    PrivacyView,
    ProblemView,
    ResultView,
    SiteTexts,
    WorkView,
)
from verify_service.translations import Language

CHECKED_AT = datetime.datetime(2026, 11, 23, 8, 59, 5, tzinfo=datetime.UTC)

SITE = SiteTexts(
    issuer_line="样例主管单位",
    issuer_name="样例传媒人才培训中心",
    issuer_line_english="Sample Governing Body",
    issuer_name_english="Sample Media Talent Training Centre",
    public_host="verify.example.cn",
    certificate_titles=(
        CertificateTitle("全媒体运营师岗位合格证书", "Omnimedia Operations Specialist", "omnimedia_operator"),
        CertificateTitle("网络视听主播岗位合格证书", "Online Audiovisual Host", "online_host"),
    ),
)
FULL_SITE = msgspec.structs.replace(
    SITE, icp="样例备00000000号", public_security="样例公网安备00000000000000号", contact="010-00000000"
)
BARE_SITE = msgspec.structs.replace(SITE, issuer_line="", issuer_line_english="", certificate_titles=())

VALID = CertificateView(
    kind="omnimedia_operator",
    title="全媒体运营师岗位合格证书",
    number="QMT20260001234",
    issued_on=datetime.date(2026, 8, 6),
    issuer="样例主管单位样例传媒人才培训中心",
    status="valid",
    name="林晓雯",
)
REVOKED = msgspec.structs.replace(
    VALID,
    kind="online_host",
    title="网络视听主播岗位合格证书",
    number="WLZ20260000057",
    status="revoked",
    status_since=datetime.date(2026, 9, 18),
    status_reason="issued_in_error",
)
SUPERSEDED = msgspec.structs.replace(
    VALID, status="superseded", status_since=datetime.date(2026, 10, 8), superseded_by="QMT20260004321"
)


def landing(certificate: CertificateView, sex: str = "女") -> LandingView:
    """Return the certificate with what only the paper, and so its QR code, shows, and with the checks made."""
    on_paper = msgspec.structs.replace(certificate, sex=sex, id_number_masked="1****************4")
    checks = (
        CheckView("signature", "pass"),
        CheckView("registry", "pass"),
        CheckView("status", "pass" if certificate.status == "valid" else "fail"),
    )
    assert certificate.status is not None
    return LandingView(certificate.status, CHECKED_AT, "0123456789ABCDEF", on_paper, checks, CodeView(1, 131_077))


FORMS = {
    "lookup": LookupFormView(),
    "lookup-one-field": LookupFormView(LookupValues(name="林晓雯"), summary="two-fields-required"),
    "lookup-malformed": LookupFormView(
        LookupValues(name="林晓雯"),
        errors=(FieldProblem("idNumber", "身份证号校验码不符。"), FieldProblem("phone", "位数不对。")),
    ),
}
TYPED = LookupValues(name="林晓雯", phone="19400000009")
RESULTS = {
    "result-valid": ResultView("found", CHECKED_AT, (VALID,), facts=TYPED),
    "result-valid-nameless": ResultView("found", CHECKED_AT, (msgspec.structs.replace(VALID, name=None),)),
    "result-revoked": ResultView("found", CHECKED_AT, (REVOKED,)),
    "result-revoked-undated": ResultView("found", CHECKED_AT, (msgspec.structs.replace(REVOKED, status_since=None),)),
    "result-superseded": ResultView("found", CHECKED_AT, (SUPERSEDED,)),
    "result-superseded-undated": ResultView(
        "found", CHECKED_AT, (msgspec.structs.replace(SUPERSEDED, status_since=None),)
    ),
    "result-several": ResultView("found", CHECKED_AT, (VALID, REVOKED)),
    "result-not-found": ResultView("not_found", CHECKED_AT),
}
LANDINGS = {
    "landing-valid": landing(VALID),
    "landing-revoked": landing(msgspec.structs.replace(REVOKED, status_reason="key_compromise")),
    "landing-withdrawn": landing(msgspec.structs.replace(REVOKED, status_reason="withdrawn"), sex="男"),
    "landing-superseded": landing(SUPERSEDED),
    "landing-broken": msgspec.structs.replace(
        landing(VALID), checks=(CheckView("signature", "fail"), CheckView("registry", "fail"))
    ),
    "landing-not-found": LandingView("not_found", CHECKED_AT, '"><script>', checks=(CheckView("registry", "fail"),)),
}
WORK = WorkView(LookupValues(name="林晓雯", phone="19400000002"), '{"parameters": {}, "signature": ""}')
BESIDE_RESULT = MatchFormView(facts=TYPED, is_open=True)
BESIDE_CODE = MatchFormView("0123456789ABCDEF", is_open=True)
MATCHES = {
    "match-result": MatchView(
        BESIDE_RESULT,
        "found",
        CHECKED_AT,
        (
            MatchedField("idNumber", "mismatch"),
            MatchedField("number", "match"),
            MatchedField("issuedOn", "match"),
            MatchedField("kind", "mismatch"),
        ),
    ),
    "match-nameless": MatchView(
        MatchFormView(facts=LookupValues(id_number="110000199003079876", phone="19400000009"), is_open=True),
        "found",
        CHECKED_AT,
        (MatchedField("name", "match"),),
    ),
    "match-code": MatchView(
        BESIDE_CODE, "found", CHECKED_AT, (MatchedField("idNumber", "match"), MatchedField("phone", "not_kept"))
    ),
    "match-not-found": MatchView(BESIDE_CODE, "not_found", CHECKED_AT),
    "match-empty": MatchView(
        msgspec.structs.replace(BESIDE_RESULT, errors=(FieldProblem("check", "请至少填写一项要核对的内容。"),))
    ),
    "match-malformed": MatchView(
        msgspec.structs.replace(
            BESIDE_RESULT,
            errors=tuple(FieldProblem(field, "位数不对。") for field in ("idNumber", "number", "issuedOn", "kind")),
        )
    ),
}
PROBLEMS = {f"problem-{name}": ProblemView(400, name) for name in PROBLEM_NAMES} | {
    "problem-429": ProblemView(429, "too-many-requests", 601),
    "problem-429-failures": ProblemView(429, "too-many-failures", 86_400),
    "problem-429-work": ProblemView(429, "too-many-failures", 86_400, WORK),
    "problem-503": ProblemView(503, "unavailable", 30),
    "problem-unknown-500": ProblemView(500, "internal-error"),
    "problem-unknown-403": ProblemView(403, "forbidden"),
}
KEPT = PrivacyView(
    (
        KeptFor("rosters", 365),
        KeptFor("photos", 1095),
        KeptFor("phones", 100),
        KeptFor("results", None),
        KeptFor("redemption_codes", 365),
        KeptFor("drafts", 30),
    )
)

RENDERINGS = (
    {name: partial(render_lookup, view) for name, view in FORMS.items()}
    | {name: partial(render_result, view) for name, view in RESULTS.items()}
    | {name: partial(render_landing, view) for name, view in LANDINGS.items()}
    | {name: partial(render_match, view) for name, view in MATCHES.items()}
    | {name: partial(render_problem, view) for name, view in PROBLEMS.items()}
    | {name: partial(render_verify, view) for name, view in UPLOAD_FORMS.items()}
    | {name: partial(render_verdict, view) for name, view in verdicts(CHECKED_AT, VALID, REVOKED, SUPERSEDED).items()}
    | {"keys": partial(render_keys, KEYS), "privacy": partial(render_privacy, KEPT)}
    | {"help": render_help, "accessibility": render_accessibility}
    | {name: partial(render_receipt_verdict, view) for name, view in receipt_verdicts(CHECKED_AT).items()}
    | {
        "receipt-offered-result": partial(render_result, ResultView("found", CHECKED_AT, (VALID,), "c2VhbGVk")),
        "landing-receipt": partial(render_landing, msgspec.structs.replace(landing(VALID), receipt="c2VhbGVk")),
    }
)


class Page(msgspec.Struct, frozen=True):
    """One rendered page with the name of its state."""

    name: str
    language: Language
    html: str


def every_page(site: SiteTexts = SITE) -> Iterator[Page]:
    """Render each state in each language."""
    for language in Language:
        for name, render in RENDERINGS.items():
            yield Page(name, language, render(site, language).decode())


@pytest.fixture(scope="session")
def pages() -> tuple[Page, ...]:
    return tuple(every_page())


@pytest.fixture(scope="session")
def render_all() -> Callable[[SiteTexts], tuple[Page, ...]]:
    return lambda site: tuple(every_page(site))


@pytest.fixture(scope="session")
def full_site() -> SiteTexts:
    return FULL_SITE


@pytest.fixture(scope="session")
def bare_site() -> SiteTexts:
    return BARE_SITE
