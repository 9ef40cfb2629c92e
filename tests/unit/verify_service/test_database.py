"""Ids of rows."""

import uuid

from verify_service.database import new_row_id


def test_ids_rise_in_the_order_they_are_made() -> None:
    made = [new_row_id() for _ in range(10_000)]

    assert made == sorted(set(made))


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = new_row_id()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
