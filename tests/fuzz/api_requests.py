"""Requests nobody foresaw: what the API's description allows and forbids, forms, files, and real facts among them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from hypothesis import strategies as st
from requests import PreparedRequest
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from tests.factories import DATA
from tests.registers import Certificate

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
MULTIPART: Final = "multipart/form-data"
Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
AnyCase: TypeAlias = Case[Any]

FIELDS: Final = ("name", "idNumber", "phone")
TYPES: Final = ("application/x-www-form-urlencoded", "application/json", MULTIPART, f"{MULTIPART}; boundary=b")
TEXTS: Final = st.text(max_size=60) | st.text("赵钱孙李·•．0123456789xX+-() \u3000", max_size=30)
FILES: Final = tuple((DATA / name).read_bytes()[:5000] for name in ("roster-host.csv", "photos-host.zip"))


class Asked(msgspec.Struct, frozen=True):
    """A request of our own making, for a form or any address."""

    method: str
    path: str
    content: bytes = b""
    headers: Mapping[str, str] = {}

    def send(self, client: httpx.Client) -> httpx.Response:
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        return client.request(self.method, self.path, content=self.content, headers=headers)


def cases(operation: Operation, media_type: str | None = None) -> st.SearchStrategy[AnyCase]:
    """Return requests for an operation, half of them as it is described."""
    described, other = (operation.as_strategy(mode, media_type=media_type) for mode in GenerationMode)
    return described | other


def variants(sent: PreparedRequest, operation: Operation, certificate: Certificate, text: str) -> Iterator[Asked]:
    """Yield a request that was sent in other ways, and with somebody's facts where it has room for them."""
    key = "".join(filter(str.isprintable, text)).strip()  # no client sends the others
    address = urlsplit(str(sent.url))
    path = address.path + (f"?{address.query}" if address.query else "")
    content = sent.body if isinstance(sent.body, bytes) else str(sent.body or "").encode()
    headers = {name: str(value) for name, value in sent.headers.items() if name in ("Authorization", "Content-Type")}
    asked = Asked(str(sent.method), path, content, {"Accept": "application/json", **headers})
    yield msgspec.structs.replace(asked, headers={**headers, "Accept": "text/html", IDEMPOTENCY_KEY: key})
    yield msgspec.structs.replace(asked, path=path + ("&" if address.query else "?") + "lang=en")
    yield msgspec.structs.replace(asked, content=content[: len(content) // 2] + text.encode(errors="replace"))
    for fact in (
        certificate,
        msgspec.structs.replace(certificate, phone=text),
        msgspec.structs.replace(certificate, name=text),
    ):
        yield _seeded(asked, operation, fact, text)


def _seeded(asked: Asked, operation: Operation, certificate: Certificate, text: str) -> Asked:
    rows = [certificate.facts("name", "phone"), {"name": text}, certificate.facts(), None]
    body: object = {
        "/api/v1/lookups": certificate.facts(*FIELDS[len(text) % 2 :]),
        "/api/v1/lookups/batch": {"lookups": rows * (1 + len(text) % 4)},
        "/api/v1/verifications": {"qr": certificate.qr[: -1 - len(text) % 40] if len(text) % 3 else certificate.qr},
    }.get(operation.path)
    if body is not None:
        return msgspec.structs.replace(asked, content=msgspec.json.encode(body))
    token = quote(certificate.token + (text if len(text) % 2 else ""), errors="replace")
    return msgspec.structs.replace(asked, path=operation.path.replace("{token}", token))


@st.composite
def forms(draw: st.DrawFn, certificates: Sequence[Certificate]) -> Asked:
    """Return an answer to the lookup form: filled in, half, doubled, with fields it does not have, or torn."""
    facts = draw(st.sampled_from(certificates)).facts()
    values = {field: draw(st.just(fact) | TEXTS) for field, fact in facts.items() if draw(st.integers(0, 4))}
    more = draw(st.lists(st.tuples(st.sampled_from([*FIELDS, "lang", ""]) | TEXTS, TEXTS), max_size=2))
    pairs = [f"{quote(field)}={quote(value, errors='replace')}" for field, value in [*values.items(), *more]]
    content = "&".join(pairs).encode() if draw(st.integers(0, 9)) else draw(st.binary(max_size=300))
    headers = {"Content-Type": _type(draw), "Accept": draw(st.sampled_from(["text/html", "*/*", "application/json"]))}
    return Asked("POST", _localised(draw, "/lookup"), content, headers)


@st.composite
def uploads(draw: st.DrawFn, certificates: Sequence[Certificate], *, files: bool) -> Asked:
    """Return an answer to the forms of `/verify`, with text or, slower by far, a file, and some of them torn."""
    name = draw(st.sampled_from(["qr", "file"] if files else ["qr", "quote", "", "name"]))
    qr = draw(st.sampled_from(certificates)).qr.encode()
    value = draw(st.sampled_from([qr, qr[:-5], *FILES]) | st.binary(max_size=200))
    names = "".join(character for character in draw(TEXTS) if character not in '"\r\n')
    file = f'; filename="{names}"' if files and name == "file" else ""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode(errors="replace")
    whole = head + value + b"\r\n--b--\r\n"
    content = draw(st.sampled_from([whole, whole, whole, whole[:-6], head * 2 + whole, whole * 2, whole[4:]]))
    path = _localised(draw, draw(st.sampled_from(["/verify", "/api/v1/verifications"])))
    return Asked("POST", path, content, {"Content-Type": f"{MULTIPART}; boundary=b"})


@st.composite
def addresses(draw: st.DrawFn, certificates: Sequence[Certificate]) -> Asked:
    """Return a request for any address at all, with a body that nobody asked for and somebody's name in the path."""
    known = st.sampled_from(["/", "/verify", "/keys", "/v/", "/status/", "/problems/", "/static/", "/kit/", "/api/"])
    tail = draw(TEXTS | st.sampled_from(certificates).map(lambda one: one.name))
    path = draw(known) + quote(tail, safe=draw(st.sampled_from(["", "/", "/?&="])), errors="replace")
    method = draw(st.sampled_from(["GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]))
    return Asked(method, path, draw(st.binary(max_size=40)), {"Content-Type": _type(draw)})


def _type(draw: st.DrawFn) -> str:
    return TYPES[0] if draw(st.integers(0, 9)) else draw(st.sampled_from(TYPES))


def _localised(draw: st.DrawFn, path: str) -> str:
    return path + draw(st.sampled_from(["", "?lang=en", "?lang=", "?lang=en&lang=zh", "?%00=%ff"]))
