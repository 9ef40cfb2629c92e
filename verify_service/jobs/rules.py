"""Pure rules of jobs."""

from uuid import UUID


def payload_place(proposal_id: UUID) -> str:
    """Return the place that what was proposed of a person is sealed for: in another proposal it does not open."""
    return f"proposal_item:sealed_payload:{proposal_id.hex}"
