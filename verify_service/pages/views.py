"""What each page is given. Frozen values only: a template decides nothing but wording and layout."""

import datetime
from typing import Literal

import msgspec

from verify_service.answers import PublicReason, Status

CheckName = Literal["signature", "registry", "status"]
FormProblem = Literal["two-fields-required", "malformed-field"]


class CertificateTitle(msgspec.Struct, frozen=True):
    """One kind of certificate the site answers for, as the start page names it."""

    chinese: str
    english: str
    kind: str
    """Its code, as the API and a form send it."""


class SiteTexts(msgspec.Struct, frozen=True):
    """Who runs the site. A line that is None is not shown: a made-up filing number would be an offence."""

    issuer_line: str
    """The body above the issuer, in smaller letters before its name; may be empty."""
    issuer_name: str
    issuer_line_english: str
    issuer_name_english: str
    public_host: str
    """Host, and port if any, of the genuine site, shown so that visitors can compare the address."""
    icp: str | None = None
    """ICP 备案号, linked to the ministry's register (信息产业部令第33号, article 13)."""
    public_security: str | None = None
    """公安联网备案号."""
    contact: str | None = None
    certificate_titles: tuple[CertificateTitle, ...] = ()


class CertificateView(msgspec.Struct, frozen=True):
    """One certificate as a visitor may see it: nothing of a person the visitor neither typed nor holds on paper."""

    number: str
    issued_on: datetime.date
    kind: str | None = None
    title: str | None = None
    issuer: str | None = None
    status: Status | None = None
    """None where only signatures were checked."""
    status_since: datetime.date | None = None
    status_reason: PublicReason | None = None
    superseded_by: str | None = None
    """The number at the end of the chain of corrections."""
    name: str | None = None
    sex: str | None = None
    """男 or 女."""
    id_number_masked: str | None = None


class CheckView(msgspec.Struct, frozen=True):
    """One thing that was checked for this answer."""

    check: CheckName
    outcome: Literal["pass", "fail"]


class LookupValues(msgspec.Struct, frozen=True):
    """What goes back into the fields: well-formed values only, so that a typo is retyped and not resent."""

    name: str = ""
    id_number: str = ""
    phone: str = ""


class FieldProblem(msgspec.Struct, frozen=True):
    """What is wrong with one field, as a sentence in the language of the page that does not quote the value."""

    field: str
    """name, idNumber or phone: the name of the input."""
    message: str


class LookupFormView(msgspec.Struct, frozen=True):
    """The lookup form: empty, or returned with what is to be corrected."""

    values: LookupValues = LookupValues()
    errors: tuple[FieldProblem, ...] = ()
    summary: FormProblem | None = None


class MatchFormView(msgspec.Struct, frozen=True):
    """The form that asks whether one field more agrees; empty, or returned with what is to be corrected."""

    token: str | None = None
    """Whose certificate: that of this token, or else of the person of `facts`."""
    facts: LookupValues = LookupValues()
    errors: tuple[FieldProblem, ...] = ()
    is_open: bool = False


class MatchedField(msgspec.Struct, frozen=True):
    """What came of one field that was compared."""

    field: Literal["name", "idNumber", "phone", "number", "issuedOn", "kind"]
    agreement: Literal["match", "mismatch", "not_kept"]


class MatchView(msgspec.Struct, frozen=True):
    """The answer to a comparison: no stored value, and nothing typed but the facts that opened it, for the form.

    `outcome` is None where nothing was compared, because the form has errors.
    """

    form: MatchFormView
    outcome: Literal["found", "not_found"] | None = None
    checked_at: datetime.datetime | None = None
    fields: tuple[MatchedField, ...] = ()


class ResultView(msgspec.Struct, frozen=True):
    """The answer to a lookup. `not_found` carries nothing that could tell its causes apart."""

    outcome: Literal["found", "not_found"]
    checked_at: datetime.datetime
    certificates: tuple[CertificateView, ...] = ()
    receipt: str | None = None
    """The sealed answer, for whoever wants a receipt of it."""
    facts: LookupValues = LookupValues()
    """What was typed, for the form that compares one field more: the answer is kept nowhere else."""


class CodeView(msgspec.Struct, frozen=True):
    """What the certificate's QR code has signed and the page does not show, for the page's script to compare."""

    kind: int
    status_index: int
    """The list times 131,072, plus the position in it."""


class LandingView(msgspec.Struct, frozen=True):
    """Where a QR code leads; `certificate` is None exactly when the outcome is `not_found`."""

    outcome: Literal["valid", "revoked", "superseded", "not_found"]
    checked_at: datetime.datetime
    token: str
    """As it stood in the address, well-formed or not."""
    certificate: CertificateView | None = None
    checks: tuple[CheckView, ...] = ()
    code: CodeView | None = None
    receipt: str | None = None
    """The sealed answer, for whoever wants a receipt of it."""


class KeptFor(msgspec.Struct, frozen=True):
    """How long one class of personal data is kept; for ever where `days` is None."""

    data_class: Literal["rosters", "photos", "phones", "results", "redemption_codes", "drafts"]
    days: int | None


class PrivacyView(msgspec.Struct, frozen=True):
    """What the privacy notice takes from the retention policy."""

    terms: tuple[KeptFor, ...]


class ProblemTypeView(msgspec.Struct, frozen=True):
    """One type of problem of the API: its name, its HTTP status, and its document as JSON."""

    name: str
    status: int
    document: str


class WorkView(msgspec.Struct, frozen=True):
    """A proof of work that a page's script may do, and the question it is sent again with: the visitor's own words."""

    values: LookupValues
    challenge: str
    """As JSON."""


class ProblemView(msgspec.Struct, frozen=True):
    """Why there is no answer: `name` is the last segment of the problem type."""

    status: int
    name: str
    retry_after_seconds: int | None = None
    work: WorkView | None = None
