"""A JSON-LD processor written by others, as the judge of our N-Quads."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from pyld import jsonld  # type: ignore[import-untyped]  # PyLD ships no types
from pyld import nquads as pyld_nquads

FOLDER: Final = Path(__file__).parent / "contexts"
CONTEXTS: Final = {
    "https://www.w3.org/ns/credentials/v2": json.loads((FOLDER / "credentials-v2.json").read_text()),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": json.loads(
        (FOLDER / "open-badges-3.0.3.json").read_text()
    ),
}


def n_quads_by_pyld(document: Mapping[str, Any]) -> str:
    """Return PyLD's canonical N-Quads of a document, with literals escaped as RDFC-1.0 wants them.

    PyLD 3.3.0 knows RDFC-1.0 by its former name, which left most control characters as they were; everything else of
    the algorithm is the same (RDFC-1.0, appendix "URDNA2015").
    """

    def load(url: str, options: dict[str, Any]) -> dict[str, Any]:
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXTS[url]}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyld_nquads, "escape", _escape)
        quads: str = jsonld.normalize(dict(document), options)
    return quads


def _escape(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    for character, letter in zip("\b\t\n\f\r", "btnfr", strict=True):
        text = text.replace(character, f"\\{letter}")
    return re.sub(r"[^\x20-\x7e\x80-\ufffd\U00010000-\U0010ffff]", lambda found: f"\\u{ord(found[0]):04X}", text)
