"""Finding what the box is about. Whoever looks for a person leaves a trace of it, without who it was."""

from datetime import date
from typing import Final

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.credentials.rules.lookup_keys import lookup_hmacs
from verify_service.database import Connection
from verify_service.partners.rules import fold_partner_name
from verify_service.sealing.model import Secrets
from verify_service.searches import queries
from verify_service.searches.model import FoundPartner, FoundPerson, Hint, SearchResult, Typed
from verify_service.searches.rules import recognise
from verify_service.subjects import service as subjects
from verify_service.subjects.rules.masks import mask_id_number, mask_name

FEWEST_CHARACTERS: Final = 2
"""Of a partner's name: one would list them all."""


async def search(connection: Connection, secrets: Secrets, actor: Actor, text: str, today: date) -> SearchResult:
    """Return whatever a text leads to. A search by facts of a person is recorded by which they were, never by value."""
    typed = recognise(text, today)
    async with connection.transaction():
        certificate = None
        if typed.certificate_number is not None:
            certificate = await queries.find_certificate(connection, typed.certificate_number)
        people, hints = await _people(connection, secrets, typed)
        if typed.id_number is not None or len(typed.kinds) > 1:
            detail = {"by": list(typed.kinds), "found": [str(person.subject_id) for person in people]}
            await record(connection, actor, AuditEvent("person_searched", "search", "+".join(typed.kinds), detail))
    found = SearchResult(
        certificates=() if certificate is None else (certificate,),
        people=tuple(people),
        cohorts=tuple(await queries.find_cohorts(connection, typed.words)) if typed.words else (),
        partners=tuple(await _partners(connection, typed.words)),
        hints=(*typed.hints, *hints),
    )
    if found.is_empty and len(typed.kinds) == 1 and typed.id_number is None:
        return msgspec.structs.replace(found, hints=(*found.hints, Hint.ONE_FACT))
    return found


async def _people(connection: Connection, secrets: Secrets, typed: Typed) -> tuple[list[FoundPerson], tuple[Hint, ...]]:
    """Return the people that two facts or an ID number find; whoever has no certificate yet, only the number finds."""
    hmacs = list(lookup_hmacs(secrets.index[0], typed.facts).values())
    by_pairs = await queries.find_people(connection, hmacs) if hmacs else []
    by_number = None
    if typed.id_number is not None:
        by_number = await subjects.find_id(connection, secrets, typed.id_number)
    ids = list(dict.fromkeys([*by_pairs, *([] if by_number is None else [by_number])]))
    opened = await subjects.find_by_ids(connection, secrets, ids)
    people = [_found(subject) for subject in opened.values()]
    if by_number is not None and hmacs and not _agrees(opened.get(by_number), typed):
        return people, (Hint.OTHER_FACTS_DIFFER,)
    return people, ()


def _agrees(subject: subjects.OpenedSubject | None, typed: Typed) -> bool:
    if subject is None:
        return False
    person = subject.person
    return typed.name in {None, person.name} and typed.phone in {None, person.phone}


def _found(subject: subjects.OpenedSubject) -> FoundPerson:
    person = subject.person
    return FoundPerson(subject.subject_id, mask_name(person.name), mask_id_number(person.id_number))


async def _partners(connection: Connection, words: str) -> list[FoundPartner]:
    folded = fold_partner_name(words)
    return await queries.find_partners(connection, folded) if len(folded) >= FEWEST_CHARACTERS else []
