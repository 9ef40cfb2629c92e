"""What may be found in no answer that it was not typed for, and in no log: every datum of every invented person."""

import json
from collections.abc import Iterable
from urllib.parse import quote

from tests.factories import sample_people
from tests.registers import Certificate


def personal_data(certificates: Iterable[Certificate]) -> set[str]:
    """Return every name, ID number, phone, token and certificate number there is."""
    people = [person for people in sample_people().values() for person in people]
    data = {datum for person in people for datum in (person.name, person.id_number, person.phone)}
    for certificate in certificates:
        data |= {certificate.name, certificate.id_number, certificate.phone, certificate.token, certificate.number}
    return data


def found_in(log: str, data: Iterable[str]) -> set[str]:
    """Return the data that stand in a log as they are, as JSON escapes them, or as in an address."""
    return {
        datum for datum in data if any(spelling in log for spelling in (datum, json.dumps(datum)[1:-1], quote(datum)))
    }
