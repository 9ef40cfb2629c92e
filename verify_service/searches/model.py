"""What was typed into the box, and what it leads to."""

from enum import StrEnum
from uuid import UUID

import msgspec

from verify_service.answers import Status
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.subjects.model import IdNumber


class Hint(StrEnum):
    """Why something that was typed leads nowhere by itself."""

    ONE_FACT = "one_fact"
    """A name or a phone alone: everything personal is sealed, and found by two facts or by an ID number."""
    BAD_ID_NUMBER = "bad_id_number"
    """It looks like an ID number and its check character does not hold."""
    BAD_NUMBER = "bad_number"
    """It looks like a certificate number and its check character does not hold."""
    OTHER_FACTS_DIFFER = "other_facts_differ"
    """Somebody has this ID number, under another name or phone than was typed."""


class Typed(msgspec.Struct, frozen=True):
    """What could be recognised. A text may be several things at once: each is looked for."""

    certificate_number: str | None = None
    id_number: IdNumber | None = None
    name: str | None = None
    phone: str | None = None
    words: str = ""
    """What may be the code of a cohort or the name of a partner."""
    hints: tuple[Hint, ...] = ()

    @property
    def facts(self) -> Facts:
        """Return what was typed of a person."""
        return Facts(self.name, None if self.id_number is None else self.id_number.value, self.phone)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return which facts were typed, by name: what the trail may know of a search."""
        facts = {"name": self.name, "id_number": self.id_number, "phone": self.phone}
        return tuple(kind for kind, value in facts.items() if value is not None)


class FoundCertificate(msgspec.Struct, frozen=True):
    """A certificate by its number."""

    number: str
    kind: str
    status: Status
    subject_id: UUID


class FoundPerson(msgspec.Struct, frozen=True):
    """A person, as far as a list may show one."""

    subject_id: UUID
    masked_name: str
    masked_id_number: str


class FoundCohort(msgspec.Struct, frozen=True):
    """A cohort by its code."""

    code: str
    partner: str | None


class FoundPartner(msgspec.Struct, frozen=True):
    """A partner by one of its names."""

    partner_id: UUID
    name: str


class SearchResult(msgspec.Struct, frozen=True):
    """Everything that was found, and what to say of what was not."""

    certificates: tuple[FoundCertificate, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    cohorts: tuple[FoundCohort, ...] = ()
    partners: tuple[FoundPartner, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.certificates or self.people or self.cohorts or self.partners)
