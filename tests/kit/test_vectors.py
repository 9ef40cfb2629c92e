"""The worked examples that the kit offers are those that the tests assert."""

from pathlib import Path

from tests.kit.programs import KIT

VECTORS = Path(__file__).parents[1] / "vectors"
OFFERED = {"certificate.json", "open_badge.json", "status_list.json"}


def test_every_worked_example_is_offered_as_it_is_tested() -> None:
    offered = {path.name: path.read_bytes() for path in (KIT / "vectors").iterdir()}

    assert offered == {name: (VECTORS / name).read_bytes() for name in OFFERED}
