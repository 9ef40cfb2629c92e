"""What of the API's description types cannot say: summaries, examples of every answer, the form of signed documents.

The words and examples are `public_site/api/details.json`; an operation that is missing there fails the start.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from verify_service.problems import KINDS
from verify_service.translations import PUBLIC_SITE

DETAILS: Final = PUBLIC_SITE / "api" / "details.json"
SCHEMAS: Final = "#/components/schemas/"
LONGEST_SECONDS: Final = 86_400
FIELDS: Final = {
    "name": "As on the certificate; blanks, width and the kind of dot do not matter. Empty or null: not given",
    "idNumber": "18 characters, or the number of another document",
    "phone": "A mobile number of mainland China, with or without +86",
    "token": "What stands behind /v/ in the address of a QR code; without it, two facts find the certificate",
    "check": "What is compared: one field at least; none that finds the certificate, and with a token only numbers",
    "number": "The certificate's number; blanks, hyphens and small letters do not matter",
    "issuedOn": "2026-11-28, or as the paper has it",
    "kind": "The code of the kind, as lookups answer it",
    "tokens": "Certificates, each by its token, the text or address of its QR code, or the id of its record",
}


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One example, in the form of the description itself."""

    summary: str
    value: Any


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in a path or a query."""

    description: str
    schema: dict[str, Any]
    example: str


class OperationDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One operation, by its id."""

    summary: str
    answers: dict[str, Example]
    request: dict[str, Example] = {}
    parameters: dict[str, Parameter] = {}
    schema: dict[str, Any] | None = None
    """Of the answer, where it is a document that is passed on as it was signed."""
    is_page_too: bool = False
    """Whoever prefers HTML, or nothing, is shown the same as a page."""


def complete(document: dict[str, Any], public_url: str) -> dict[str, Any]:
    """Return the description with its details; raise KeyError for an operation that has none."""
    details = msgspec.json.decode(DETAILS.read_bytes(), type=dict[str, OperationDetails])
    for operation in _operations(document):
        _detail(operation, details[operation["operationId"]])
        for status, response in operation["responses"].items():
            response["headers"] = response.get("headers", {}) | _headers(status, operation)
    for schema in _request_schemas(document):
        schema["additionalProperties"] = False  # members that are not known are refused, of which types say nothing
        for name, field in schema["properties"].items():
            field["description"] = FIELDS[name]
    _type_problems(document, public_url)
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _detail(operation: dict[str, Any], details: OperationDetails) -> None:
    operation["summary"] = details.summary
    for parameter in operation.get("parameters", []):
        if parameter["name"] in details.parameters:
            parameter.update(msgspec.to_builtins(details.parameters[parameter["name"]]))
    if details.request:
        operation["requestBody"]["content"]["application/json"]["examples"] = msgspec.to_builtins(details.request)
    (answer,) = operation["responses"]["200"]["content"].values()
    answer["examples"] = msgspec.to_builtins(details.answers)
    if details.schema is not None:
        answer["schema"] = details.schema
    if details.is_page_too:
        operation["responses"]["200"]["content"]["text/html"] = {"schema": {"type": "string"}}


def _headers(status: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headers a response brings that a client acts on."""
    text = {"schema": {"type": "string"}}
    budget = {"RateLimit": text, "RateLimit-Policy": text}
    match status:
        case "200":
            return budget if {"apiKey": []} in operation.get("security", []) else {}
        case "401":
            return {"WWW-Authenticate": text}
        case "409" | "503":
            return {"Retry-After": {"schema": {"type": "integer", "minimum": 1, "maximum": LONGEST_SECONDS}}}
        case "429":
            return {**budget, "Retry-After": {"schema": {"type": "integer", "minimum": 1, "maximum": LONGEST_SECONDS}}}
    return {}


def _request_schemas(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schemas that bodies refer to."""
    bodies = [operation.get("requestBody", {}) for operation in _operations(document)]
    schemas = document["components"]["schemas"]
    names = set(_references(bodies))
    for name in names | {inner for outer in names for inner in _references(schemas[outer])}:
        yield schemas[name]


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].removeprefix(SCHEMAS)
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _type_problems(document: Mapping[str, Any], public_url: str) -> None:
    """Give the types of problems, which routes know without their origin, the origin of this site."""
    for operation in _operations(document):
        for response in operation["responses"].values():
            for example in response["content"].get("application/problem+json", {}).get("examples", {}).values():
                example["value"]["type"] = public_url + example["value"]["type"]
                del example["id"]  # the framework's own, which the name stands for
    type_schema = document["components"]["schemas"]["ProblemDocument"]["properties"]["type"]
    types = [f"{public_url}/problems/{kind.name}" for kind in KINDS]
    type_schema |= {"format": "uri", "enum": [*types, "about:blank"], "description": "Leads to a page that explains it"}
