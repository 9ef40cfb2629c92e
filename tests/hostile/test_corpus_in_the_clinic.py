"""The same corpus handed in to the consoles: each ends in its own refusal, and their process opens none of it."""

import re
import zipfile
from typing import Any, Final

import openpyxl
import pytest
from PIL import Image

from tests.consoles import Console, Person
from tests.factories import OPERATOR, Trainee, roster_csv
from tests.hostile.corpus import ARTEFACT, PHOTOS, HostileFile, corpus
from tests.hostile.measuring import PERSON
from verify_service.accounts.model import Role

FILES: Final = tuple(file for file in corpus() if not file.file_name.startswith(ARTEFACT))
ROSTER: Final = roster_csv([Trainee(PERSON.name, "男", PERSON.id_number, "19400000000")])
OF_FILE: Final = re.compile(r'id="error-(?:file|photos)" data-code="(\w+)"')
OF_NAME_OR_ROW: Final = re.compile(r'<ul class="plain" id="(?:said-name|whole)-1">(.*?)</ul>', re.DOTALL)
OF_CELL: Final = re.compile(r'class="error" data-code="(\w+)"')
OF_PICTURE: Final = re.compile(r'<li data-code="(\w+)"><b>')


@pytest.mark.slow
async def test_every_hostile_file_ends_as_on_the_command_line(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    registrar = await console.sign_in(Role.REGISTRAR)
    built = [(file, file.build()) for file in FILES]

    def refuse(*_: object, **__: object) -> Any:  # noqa: ANN401  # never returns
        raise AssertionError("the consoles' own process opens no file from outside")

    # Confined processes are others: they are not patched.
    for module, name in ((openpyxl, "load_workbook"), (zipfile.ZipFile, "__init__"), (Image, "open")):
        monkeypatch.setattr(module, name, refuse)
    ends = {file.title: await outcome(registrar, file, data) for file, data in built}

    assert ends == {file.title: file.outcome for file in FILES}


async def outcome(registrar: Person, file: HostileFile, data: bytes) -> str:
    """Return how an upload of the file ends, in the corpus's words."""
    is_archive = file.file_name.startswith(PHOTOS)
    files = {"file": ("roster.csv", ROSTER) if is_archive else (file.file_name, data)}
    if is_archive:
        files["photos"] = (file.file_name, data)
    answer = await registrar.post("/staff/rosters", {"cohort": "C1", "kind": OPERATOR}, files)
    if answer.status_code == 400:
        refused = OF_FILE.search(answer.text)
        return "" if refused is None else refused[1]
    page = (await registrar.get(answer.headers["location"].partition("?")[0])).text
    if is_archive:
        return ":" + ",".join(OF_PICTURE.findall(page))
    return ":" + ",".join(code for said in OF_NAME_OR_ROW.findall(page) for code in OF_CELL.findall(said))
