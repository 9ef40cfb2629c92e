"""Checking one row of a roster by itself."""

from collections.abc import Callable
from datetime import date

from pdf import code_points
from verify_service.errors import FieldError
from verify_service.rosters.model import RosterValue
from verify_service.rosters.rules.choices import parse_choice
from verify_service.rosters.rules.partner_names import parse_partner_name
from verify_service.subjects.model import DocumentType, IdNumber, Sex
from verify_service.subjects.rules.document_types import parse_document_type
from verify_service.subjects.rules.folding import fold_word
from verify_service.subjects.rules.id_numbers import parse_id_number
from verify_service.subjects.rules.phones import parse_phone
from verify_service.subjects.rules.sexes import parse_sex, require_sex_matches
from verify_service.tables.model import Accepts, TableRow
from verify_service.tables.rules.blanks import label_row_code
from verify_service.tables.rules.findings import RowFindings
from verify_service.tables.rules.people import read_id_number, read_name


class RowRules:
    """What every row of one roster is checked against."""

    def __init__(
        self, *, today: date, missing_characters: Callable[[str], tuple[str, ...]], glyphs_required: bool
    ) -> None:
        self._today = today
        self._missing_characters = missing_characters
        self._glyphs_required = glyphs_required

    def check(self, row: TableRow, findings: RowFindings) -> RosterValue:
        """Return the values that could be read, adding to `findings` what is wrong, column by column."""
        if (label := label_row_code(row, key="idNumber")) is not None:
            findings.refuse("", label)
            return RosterValue()
        name = self._name(findings)
        sex = _sex(findings)
        stated_type = findings.read("documentType", _parse_stated_type, is_shareable=True)
        id_number = self._id_number(findings, stated_type)
        if sex is not None and id_number is not None:
            _require_match(sex, id_number, findings)
        return RosterValue(
            name=name,
            sex=sex,
            id_number=id_number.value if id_number else None,
            phone=_phone(findings),
            partner=findings.read("partner", parse_partner_name, is_shareable=True),
            also_online_host=findings.read("alsoOnlineHost", parse_choice, is_shareable=True),
            document_type=id_number.document_type if id_number else stated_type,
        )

    def _name(self, findings: RowFindings) -> str | None:
        name = read_name(findings)
        missing = () if name is None else self._missing_characters(name)
        if missing:
            add = findings.refuse if self._glyphs_required else findings.warn
            add("name", "NO_GLYPH", characters=code_points(missing))
        return name

    def _id_number(self, findings: RowFindings, stated_type: DocumentType | None) -> IdNumber | None:
        def parse(text: str) -> IdNumber:
            return parse_id_number(text, today=self._today, document_type=stated_type)

        return read_id_number(findings, parse)


def _sex(findings: RowFindings) -> Sex | None:
    parsed = findings.read("sex", parse_sex, Accepts.WHOLE_NUMBERS)
    if parsed is None:
        return None
    sex, warnings = parsed
    findings.warn("sex", *warnings)
    return sex


def _parse_stated_type(text: str) -> DocumentType | None:
    """Return what column 证件类型 states; None where it is blank or missing, and the number speaks for itself."""
    return parse_document_type(text) if fold_word(text) else None


def _phone(findings: RowFindings) -> str | None:
    phone = findings.read("phone", parse_phone, Accepts.WHOLE_NUMBERS)
    if phone is None:
        return None
    findings.warn("phone", *phone.warnings)
    return phone.value


def _require_match(sex: Sex, id_number: IdNumber, findings: RowFindings) -> None:
    try:
        require_sex_matches(sex, id_number)
    except FieldError as error:
        findings.refuse("sex", error.code)
