"""Every change to a certificate stands in the trail, on somebody's approval, and the trail is unbroken."""

from collections import Counter

from tests.integration.test_audit_chain import broken_links
from tests.office import Office
from verify_service.database import Connection
from verify_service.sealing.model import Secrets

# What the trail should hold, told by the tables themselves.
EXPECTED = """
select 'cohort_opened', cohort_id::text from cohort
union all select 'partner_added', partner_id::text from partner
union all select 'enrolled', subject_id::text from subject
union all select 'sitting_recorded', exam_entry_id::text from sitting
union all select 'credential_recorded', credential_id::text from credential
union all select 'credential_signed', credential_id::text from credential_signature
union all select 'credential_revoked', credential_id::text from credential_event where event = 'revoked'
"""
APPROVALS = """
select approval.action, approval.actor is not null as named, count(*) as changes
  from approval
  join (select approval_id from credential union all select approval_id from credential_event) as change
    on change.approval_id = approval.approval_id
 group by 1, 2
"""


async def test_every_change_has_its_row_in_an_unbroken_trail(
    sample: Office, operator: Connection, secrets: Secrets
) -> None:
    revoked, corrected, *_ = sample.list("--cohort", "host")
    sample.run("certificates", "revoke", revoked["number"], "--reason", "holder_request")
    correction = ("--name", sample.private("林新名"), "--note", "-")
    sample.run("certificates", "correct", corrected["number"], *correction, stdin="登记有误")

    recorded = await operator.fetch("select action, object_id from audit_event where action <> 'key_made'")

    assert Counter(map(tuple, recorded)) == Counter(map(tuple, await operator.fetch(EXPECTED)))
    assert await broken_links(operator) == []


async def test_every_change_to_a_certificate_was_approved(sample: Office, operator: Connection) -> None:
    revoked, corrected, *_ = sample.list("--cohort", "host")
    sample.run("certificates", "revoke", revoked["number"], "--reason", "holder_request")
    correction = ("--name", sample.private("林新名"), "--note", "-")
    sample.run("certificates", "correct", corrected["number"], *correction, stdin="登记有误")

    approvals = {row["action"]: (row["named"], row["changes"]) for row in await operator.fetch(APPROVALS)}

    # The correction's covers the new certificate and what became of the old one.
    assert approvals == {"issue": (True, 76), "revoke": (True, 1), "correct": (True, 2)}
