"""A cohort of 3,000 in the clinic, with portraits, through `serve`: how long each page takes, and how much memory.

`python -m ops.bench.clinic`. Memory is the resident set: the peak of the consoles' process, and that of all confined
processes together, looked at fifty times a second. Processor time tells on a busy machine what an idle one would take.
"""

import asyncio
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx
import psutil
from openpyxl import Workbook
from PIL import Image, ImageFilter

from ops.bench.ground import PUBLIC_URL, ground
from ops.bench.people import invent_people
from verify_service.accounts.model import Account, Client, Role
from verify_service.accounts.queries.accounts import add_account
from verify_service.accounts.rules.tokens import form_token
from verify_service.accounts.service import sessions
from verify_service.audit.model import Actor
from verify_service.consoles.cookies import SESSION_COOKIE, cookie_name
from verify_service.database import connected, new_row_id
from verify_service.embedded.server import DatabaseUrls
from verify_service.partners.service import add_partner
from verify_service.settings import Settings
from verify_service.subjects.model import Person

COUNT = 3_000
PARTNER = "基准测试学校"
KIND = "omnimedia_operator"
HEADINGS = ("序号", "姓名", "性别", "身份证号", "手机号", "合作机构名称", "加考网络视听主播")
LOOKS_SECONDS = 0.02


def main() -> None:
    """Print seconds and peak memory of the upload, of pages, of a change, of the workbook and of the import."""
    people = list(invent_people(COUNT))
    roster, photos = roster_workbook(people), photo_archive(people)
    print(f"clinic: {COUNT} rows ({len(roster) >> 10} KB), as many portraits ({len(photos) >> 20} MB)")
    with ground() as (settings, urls), _served(settings), _watched() as watch, asyncio.run(_signed_in(urls)) as browser:
        files = {"file": ("roster.xlsx", roster), "photos": ("photos.zip", photos)}
        form = _form(browser, cohort="B", kind=KIND)
        location = watch("upload", lambda: browser.post("/staff/rosters", data=form, files=files)).headers["location"]
        at = location.partition("?")[0]
        row, phone = f"{at}/rows/1500", people[1499].phone or ""
        watch("page of errors", lambda: browser.get(at, params={"show": "errors"}))
        watch("page of all", lambda: browser.get(at, params={"show": "all", "page": "15"}))
        watch("change a cell", lambda: browser.post(row, data=_form(browser, phone="1234")))
        watch("change it back", lambda: browser.post(row, data=_form(browser, phone=phone)))
        watch("workbook", lambda: browser.get(f"{at}/workbook"))
        watch("import", lambda: browser.post(f"{at}/import", data=_form(browser)))


def roster_workbook(people: list[Person]) -> bytes:
    """Return a roster as partners hand it in."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(HEADINGS)
    for number, person in enumerate(people, start=1):
        sheet.append((number, person.name, person.sex.value, person.id_number, person.phone, PARTNER, "否"))
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def photo_archive(people: list[Person]) -> bytes:
    """Return a ZIP of portraits of 295 x 413, as photo shops hand them out: soft shapes, a little noise, 18 KB."""
    ramp = Image.linear_gradient("L").resize((295, 413))
    soft = Image.effect_noise((295, 413), 90).filter(ImageFilter.GaussianBlur(4))
    portrait = Image.blend(
        Image.merge("RGB", (ramp, soft, ramp)), Image.effect_noise((295, 413), 12).convert("RGB"), 0.15
    )
    jpeg, data = io.BytesIO(), io.BytesIO()
    portrait.save(jpeg, "JPEG", quality=85)
    with zipfile.ZipFile(data, "w") as archive:
        for person in people:
            archive.writestr(f"{person.name}+{person.id_number}.jpg", jpeg.getvalue())
    return data.getvalue()


@contextmanager
def _served(settings: Settings) -> Iterator[None]:
    environment = {"VERIFY_SERVICE_DATA_DIR": str(settings.data_dir), "VERIFY_SERVICE_PUBLIC_URL": PUBLIC_URL}
    command = [sys.executable, "-m", "verify_service", "serve", "--port", PUBLIC_URL.rpartition(":")[2]]
    with subprocess.Popen(  # noqa: S603  # our own command
        command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for_the_consoles()
            yield
        finally:
            server.terminate()


def _wait_for_the_consoles() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"{PUBLIC_URL}/staff/sign-in").status_code == httpx.codes.OK:
                return
        time.sleep(0.2)
    raise TimeoutError("the consoles do not answer")


async def _signed_in(urls: DatabaseUrls) -> httpx.Client:
    """Return the browser of a registrar."""
    account = Account(new_row_id(), "registrar-1", frozenset({Role.REGISTRAR}), None)
    async with connected(urls.operator, "OPERATOR_DATABASE_URL") as operator:
        await add_partner(operator, Actor("bench"), PARTNER)
        await add_account(operator, account)
    async with connected(urls.console, "CONSOLE_DATABASE_URL") as connection:
        session = await sessions.begin(connection, account, Client("127.0.0.0/24", "bench"), "test")
    cookies = {cookie_name(SESSION_COOKIE, PUBLIC_URL): session.token}
    return httpx.Client(base_url=PUBLIC_URL, cookies=cookies, headers={"Origin": PUBLIC_URL}, timeout=300)


def _form(browser: httpx.Client, **fields: str) -> dict[str, str]:
    token = browser.cookies[cookie_name(SESSION_COOKIE, PUBLIC_URL)]
    return {"form_token": form_token(token), **fields}


@contextmanager
def _watched() -> Iterator["_Watch"]:
    watch = _Watch()
    thread = threading.Thread(target=watch.look)
    thread.start()
    try:
        yield watch
    finally:
        watch.is_over = True
        thread.join()


class _Watch:
    """Looks at the consoles' process and its confined children while requests are answered."""

    def __init__(self) -> None:
        everybody = psutil.Process().children(recursive=True)
        self._console = next(process for process in everybody if process.cmdline()[-2:-1] == ["console"])
        self._peaks = [0, 0]
        self.is_over = False

    def __call__(self, what: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
        self._peaks = [0, 0]
        before, started = self._cpu(), time.perf_counter()
        answer = ask()
        seconds, cpu = time.perf_counter() - started, self._cpu()
        assert answer.status_code in {httpx.codes.OK, httpx.codes.SEE_OTHER}, (what, answer.status_code)
        spent = [after - then for after, then in zip(cpu, before, strict=True)]
        own, confined = (peak >> 20 for peak in self._peaks)
        print(
            f"  {what:15}{seconds:6.2f} s   consoles {own:4} MB, {spent[0]:5.2f} s CPU   "
            f"confined {confined:4} MB, {spent[1]:5.2f} s CPU   {len(answer.content) >> 10} KB"
        )
        return answer

    def _cpu(self) -> tuple[float, float]:
        """Return the processor time of the consoles' process, and that of the children it has buried."""
        times = self._console.cpu_times()
        return times.user + times.system, times.children_user + times.children_system

    def look(self) -> None:
        """Keep the peaks, until told that it is over."""
        while not self.is_over:
            with suppress(psutil.Error):
                confined = self._console.children(recursive=True)
                sizes = [self._console.memory_info().rss, sum(child.memory_info().rss for child in confined)]
                self._peaks = [max(pair) for pair in zip(self._peaks, sizes, strict=True)]
            time.sleep(LOOKS_SECONDS)


if __name__ == "__main__":
    main()
