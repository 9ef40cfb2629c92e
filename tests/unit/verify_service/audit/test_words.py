"""Every action and object that the code writes into the trail has words in both languages."""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

import verify_service
from verify_service.translations import Language, catalogue

SOURCES = sorted(Path(verify_service.__file__).parent.rglob("*.py"))
WORDS = {language: catalogue(language, "console_audit") for language in Language}

ANY_END = "…"
OF_DRAFTS = "record_of_draft"
"""Through which events of drafts are written, by the modules beside it."""


class Written:
    """What the calls of AuditEvent in one module give it: literals, or what a variable or parameter may hold."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self.constants = {
            target.id: node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        self.functions = {
            node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }

    def values(self, place: int, keyword: str, writer: str = "AuditEvent") -> Iterator[str]:
        """Yield what stands at a place of every call."""
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == writer:
                yield from self._texts(_argument(call, place, keyword))

    def _texts(self, node: ast.expr | None) -> Iterator[str]:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
                yield f"{beginning}{ANY_END}"
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._texts(body)
                yield from self._texts(orelse)
            case ast.Name(id=name) if name in self.constants:
                yield from self._texts(self.constants[name])
            case ast.Name(id=name):
                yield from self._passed(name)

    def _passed(self, parameter: str) -> Iterator[str]:
        """Yield what the calls of the functions of this module give to a parameter of this name."""
        for name, function in self.functions.items():
            names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
            if parameter in names:
                for call in ast.walk(self.tree):
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name:
                        yield from self._texts(_argument(call, names.index(parameter), parameter))


def _argument(call: ast.Call, place: int, keyword: str) -> ast.expr | None:
    given = next((one.value for one in call.keywords if one.arg == keyword), None)
    return given or (call.args[place] if place < len(call.args) else None)


@cache
def modules() -> tuple[Written, ...]:
    sources = (path.read_text(encoding="utf-8") for path in SOURCES)
    return tuple(Written(source) for source in sources if "AuditEvent(" in source or f"{OF_DRAFTS}(" in source)


def written(place: int, keyword: str) -> set[str]:
    values = {value for module in modules() for value in module.values(place, keyword)}
    if keyword == "action":
        values |= {value for module in modules() for value in module.values(1, keyword, OF_DRAFTS)}
    return values


def test_the_calls_are_found_literal_or_not() -> None:
    """A control of the test itself: by a literal, a constant, a choice, a parameter."""
    actions = written(0, "action")

    assert {
        "signed_in",
        "trail_checked",
        "enrolled",
        "enrolment_changed",
        "calendar_year_amended",
        "key_made",
        "draft_returned",
        "draft_amendment_withdrawn",
    } <= actions


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("place", "keyword", "prefix"), [(0, "action", "action."), (1, "object_type", "object.")])
def test_what_is_written_has_words(language: Language, place: int, keyword: str, prefix: str) -> None:
    lacking = {value for value in written(place, keyword) if not has_words(prefix + value, WORDS[language])}

    assert lacking == set()


def has_words(key: str, words: Collection[str]) -> bool:
    """Tell whether there are words for a key; of one whose end is open, for any that begins so."""
    return key in words or (key.endswith(ANY_END) and any(word.startswith(key.removesuffix(ANY_END)) for word in words))
