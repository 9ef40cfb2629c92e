"""What Open Badges software makes of our documents, in a processor of others and in ours: the same bytes."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import CredentialStatement, MalformedCredentialError, build_document
from signing.n_quads import canonical_n_quads
from tests.json_ld import n_quads_by_pyld
from tests.unit.signing.test_document import STATEMENTS

OPTIONS = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-11-23T02:00:00Z",
    "verificationMethod": "did:web:rz.example.cn#2026-c1",
    "proofPurpose": "assertionMethod",
}
AWKWARD = st.text(
    st.sampled_from(
        "\0\1\b\t\n\v\f\r\x1f \"'\\\x7f\x85\u00a0\u00b7\u0301\u2028\ue000\ufeff\ufffd\ufffe\uffff𠮷<>_:.^@"
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"photo_hash": None},
        {"identity_type": "ext:passport"},
        {"public_url": "http://127.0.0.1:8000", "issuer_did": "did:web:127.0.0.1%3A8000"},
        {"name": "مۇھەممەت ئىمىن·ئابدۇللا"},
        {"name": '"\\n" .\n<did:web:x> <y> _:c14n0 .'},
    ],
)
def test_a_processor_of_others_writes_the_same_quads(statement: CredentialStatement, changes: dict[str, Any]) -> None:
    document = build_document(msgspec.structs.replace(statement, **changes))

    assert canonical_n_quads(document).decode() == n_quads_by_pyld(document)


@settings(max_examples=60, deadline=None)
@given(statement=STATEMENTS, name=AWKWARD, text=AWKWARD)
def test_whatever_the_texts_are_the_quads_are_the_same(statement: CredentialStatement, name: str, text: str) -> None:
    document = build_document(msgspec.structs.replace(statement, name=name, description=text))

    assert canonical_n_quads(document).decode() == n_quads_by_pyld(document)


def test_the_options_of_a_proof_are_the_same_quads(statement: CredentialStatement) -> None:
    in_context = {"@context": build_document(statement)["@context"], **OPTIONS}

    assert canonical_n_quads(OPTIONS).decode() == n_quads_by_pyld(in_context)


@pytest.mark.parametrize(
    ("character", "written"),
    [
        ("\0", r"\u0000"),
        ("\a", r"\u0007"),
        ("\b", r"\b"),
        ("\t", r"\t"),
        ("\n", r"\n"),
        ("\v", r"\u000B"),
        ("\f", r"\f"),
        ("\r", r"\r"),
        ("\x0e", r"\u000E"),
        ("\x1f", r"\u001F"),
        ('"', r"\""),
        ("\\", r"\\"),
        ("\x7f", r"\u007F"),
        ("\ufffe", r"\uFFFE"),
        ("\uffff", r"\uFFFF"),
        ("\x80", "\x80"),
        ("'", "'"),
        ("\ufffd", "\ufffd"),
        ("𠮷", "𠮷"),
    ],
)
def test_a_character_is_escaped_as_rdfc_wants_it(statement: CredentialStatement, character: str, written: str) -> None:
    document = build_document(msgspec.structs.replace(statement, name=character))

    assert f'#identityHash> "{written}" .\n' in canonical_n_quads(document).decode()


@pytest.mark.parametrize(
    "change",
    [
        {"sex": "女"},
        {"type": ["VerifiableCredential", "Diploma"]},
        {"name": 1},
        {"name": None},
        {"name": ["x", ["y"]]},
        {"issuer": ["did:web:rz.example.cn", []]},
        {"validFrom": 1.5},
    ],
)
def test_what_the_tables_do_not_describe_is_refused(statement: CredentialStatement, change: dict[str, Any]) -> None:
    with pytest.raises(MalformedCredentialError):
        canonical_n_quads(build_document(statement) | change)


def test_two_nodes_that_say_the_same_are_refused(statement: CredentialStatement) -> None:
    document = build_document(statement)
    document["credentialSubject"]["identifier"] *= 2

    with pytest.raises(MalformedCredentialError, match="two nodes"):
        canonical_n_quads(document)


@pytest.mark.parametrize("taken", ["ext:sex", "ext:photo"])
def test_no_statement_makes_two_such_nodes(statement: CredentialStatement, taken: str) -> None:
    with pytest.raises(MalformedCredentialError, match="identity_type"):
        msgspec.structs.replace(statement, identity_type=taken)
