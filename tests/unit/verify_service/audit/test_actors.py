"""Who may say anew who acts: everything else passes on whoever its caller is, session and all."""

import ast
from pathlib import Path

import verify_service
from verify_service.audit.model import Actor

SOURCES = Path(verify_service.__file__).parent
NAMED_BY = {
    "accounts/service/inviting.py": "whoever follows a link has no session yet",
    "accounts/service/sessions.py": "the event that a session begins with is about that session",
    "accounts/service/signing_in.py": "whoever does not get in has none",
    "audit/model.py": "two people, of one of whom this is the session",
    "cli/demo_accounts.py": "the demo stands in for people",
    "cli/session.py": "the operator",
    "consoles/visitors.py": "whoever is signed in, with their session",
    "jobs/service/workshop.py": "a job goes on without anybody",
    "proposals/model.py": "whoever is signed in, with their session",
    "proposals/service/deciding.py": "time ends a proposal, whoever happens to look",
    "signer/service/signatory.py": "a process",
    "webhooks/service/sending.py": "a process",
}


def test_an_actor_is_named_anew_only_where_there_is_no_session_to_lose() -> None:
    found = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Actor"
    }
    assert found == set(NAMED_BY)


def test_the_second_of_two_people_keeps_the_session() -> None:
    both = Actor("registrar-2", session="s").seconding("registrar-1")
    assert (both.hands, both.session) == ("registrar-1+registrar-2", "s")
