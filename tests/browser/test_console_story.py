"""The whole story in a real browser: a bad roster, corrected; results; proposed, approved, issued; corrected, revoked.

On the demo's own data and sign-ins, which are hereby tried too. Axe looks at every page that is passed; each is as wide
as the screen at desktop and at tablet width.
"""

import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no py.typed
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.test_pages import RULES
from tests.factories import HOST, Result, Trainee, photo_archive, results_csv, roster_csv, trainees
from tests.serving import command, free_port, running
from verify_service.cli.demo_accounts import SIGN_INS_FILE, SignIns
from verify_service.embedded.server import erase_server
from verify_service.settings import PREFIX

pytestmark = pytest.mark.browser

PARTNER = "华东融媒体培训中心"
COHORT = "STORY-1"
WIDTHS = (1280, 820)
JOB_SECONDS = 90


class House(msgspec.Struct, frozen=True):
    """The demo, running, and what its people sign in with."""

    url: str
    sign_ins: SignIns
    browser: Browser


class Seat:
    """Somebody's browser, signed in, in which every page is judged."""

    def __init__(self, house: House, context: BrowserContext, name: str) -> None:
        self.house, self.name = house, name
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.home = "/partner" if name.startswith("partner") else "/staff"

    def sign_in(self) -> None:
        self.page.goto(self.house.url + self.home)
        secret = self.house.sign_ins.totp_secrets[self.name]
        self.page.fill("#name", self.name)
        self.page.fill("#password", self.house.sign_ins.password)
        self.page.fill("#code", pyotp.TOTP(secret).now())
        self.press("登录")
        expect(self.page).to_have_url(self.house.url + self.home)

    def go(self, path: str) -> None:
        self.page.goto(self.house.url + path)
        self.judge()

    def follow(self, text: str) -> None:
        """Follow the link of the first row of a table that has a text."""
        with self.page.expect_navigation():
            self.page.get_by_role("row").filter(has_text=text).get_by_role("link").first.click()
        self.judge()

    def press(self, name: str, until: str = "") -> None:
        """Press the button of a form, and judge the page it leads to; one that shows a job, when it says `until`.

        Before that it loads itself anew, also in the middle of a look at it.
        """
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()
        expect(self.page.locator("main")).to_contain_text(until, timeout=JOB_SECONDS * 1000)
        self.judge()

    def judge(self) -> None:
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (self.page.url, width, wide)
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["target"]) for one in found] == [], self.page.url


class Seats(dict[str, Seat]):
    """Who sits where, by name; whoever is asked for first signs in."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house

    def __missing__(self, name: str) -> Seat:
        context = self.house.browser.new_context(locale="zh-CN", accept_downloads=True)
        self[name] = Seat(self.house, context, name)
        self[name].sign_in()
        return self[name]


@pytest.fixture(scope="module")
def house(ground: Path) -> Iterator[House]:
    """The demo under a name and not a bare address: passkeys belong to names."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed")
    folder, port = ground / uuid4().hex[:8], free_port()
    folder.mkdir(mode=0o755)
    url = f"http://localhost:{port}"
    with running(command("demo", "--port", str(port)), {PREFIX + "PUBLIC_URL": url}, port, folder) as served:
        wait_for_consoles(served.url)
        sign_ins = msgspec.json.decode((folder / ".demo" / SIGN_INS_FILE).read_bytes(), type=SignIns)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS])
            yield House(url, sign_ins, browser)
            browser.close()
    erase_server(folder / ".demo")
    shutil.rmtree(folder)


def wait_for_consoles(url: str) -> None:
    """Return once the process behind /staff answers: it starts beside the public one."""
    last = time.monotonic() + JOB_SECONDS
    while time.monotonic() < last:
        if httpx.get(url + "/staff", trust_env=False).status_code == 401:
            return
        time.sleep(0.2)
    raise TimeoutError("the consoles did not answer")


@pytest.fixture(scope="module")
def seats(house: House) -> Iterator[Seats]:
    """Everybody's browser: each signs in once, for a one-time code works once."""
    taken = Seats(house)
    yield taken
    for seat in taken.values():
        assert seat.faults == []
        seat.page.context.close()


def people() -> list[Trainee]:
    return [msgspec.structs.replace(one, partner=PARTNER) for one in trainees(4, first=200)]


def test_a_class_from_a_bad_roster_to_a_revoked_certificate(house: House, seats: Seats, tmp_path: Path) -> None:
    enrolled = people()
    hand_in_a_bad_roster(seats, tmp_path, enrolled)
    take_it_in_with_results(seats, tmp_path, enrolled)
    issue(seats)
    number = download_a_certificate(seats, tmp_path, enrolled[0])
    assert verified(house, tmp_path / "certificate.pdf") == "valid"
    corrected = correct(seats, number, enrolled[0])
    assert (verified(house, tmp_path / "certificate.pdf"), corrected != number) == ("superseded", True)
    revoke(seats, corrected)
    partner = seats["partner-1"]
    partner.go(f"/partner/certificates/{corrected}")
    assert "已撤销" in partner.page.inner_text("main")
    find_the_person(seats, corrected, enrolled[0])
    read_the_trail(seats, corrected)


def hand_in_a_bad_roster(seats: Seats, folder: Path, enrolled: list[Trainee]) -> None:
    """The partner's file has a mistyped ID number; it is put right on the page, and handed in."""
    right = enrolled[1].id_number
    mistyped = msgspec.structs.replace(enrolled[1], id_number=right[:-1] + ("1" if right[-1] != "1" else "2"))
    roster, photos = folder / "roster.csv", folder / "photos.zip"
    roster.write_bytes(roster_csv([enrolled[0], mistyped, *enrolled[2:]]))
    photos.write_bytes(photo_archive(enrolled))
    partner = seats["partner-1"]
    page = partner.page
    partner.go("/partner/rosters")
    page.fill("#cohort", COHORT)
    page.select_option("select", HOST)
    page.set_input_files("#file", roster)
    page.set_input_files("#photos", photos)
    partner.press("上传并核对")
    assert "4 行中有 1 行有误" in page.inner_text("main")
    assert page.get_by_role("button", name="提交给工作人员").is_disabled()
    page.fill("#idNumber-2", right)
    partner.press("保存")
    partner.press("提交给工作人员")
    assert "已提交" in page.inner_text("main")


def take_it_in_with_results(seats: Seats, folder: Path, enrolled: list[Trainee]) -> None:
    """The registrar imports what the partner handed in, and then the results."""
    results = folder / "results.csv"
    passed = [Result(one, kind=HOST) for one in enrolled[:3]]
    results.write_bytes(results_csv([*passed, Result(enrolled[3], conclusion="不合格", kind=HOST)]))
    registrar = seats["registrar-1"]
    page = registrar.page
    registrar.go("/staff/rosters")
    page.get_by_role("link", name=COHORT).first.click()
    registrar.press("导入全部 4 行")
    registrar.go("/staff/results")
    page.fill("#cohort", COHORT)
    page.set_input_files("#file", results)
    registrar.press("上传并核对")
    registrar.press("导入全部 4 行")
    registrar.go(f"/staff/cohorts/{COHORT}")


def issue(seats: Seats) -> None:
    """The issuer proposes; another approves; three are signed and printed while the page says how far it is."""
    issuer = seats["issuer-1"]
    issuer.go(f"/staff/cohorts/{COHORT}/issue")
    issuer.press("提请签发 3 份")
    assert issuer.page.get_by_role("button", name="批准").count() == 0, "nobody approves their own"
    approver = seats["approver-1"]
    approver.go("/staff/proposals")
    approver.follow(COHORT)
    approver.press("批准", until="已完成")


def download_a_certificate(seats: Seats, folder: Path, of: Trainee) -> str:
    """Return the number of somebody's certificate, whose file is in `folder` now, as the partner finds it."""
    partner = seats["partner-1"]
    page = partner.page
    partner.go(f"/partner/cohorts/{COHORT}")
    row = page.get_by_role("row").filter(has_text=of.name)
    number = re.search(r"[A-Z]{2,4}20\d{8}[0-9A-Z*]", row.inner_text())
    assert number is not None
    partner.go(f"/partner/certificates/{number[0]}")
    with page.expect_download() as started:
        page.locator("a[href$='certificate.pdf']").first.click()
    started.value.save_as(folder / "certificate.pdf")
    return number[0]


def verified(house: House, file: Path) -> str:
    """Return what a stranger is told of a file."""
    answer = httpx.post(
        house.url + "/api/v1/verifications", files={"file": file.read_bytes()}, trust_env=False, timeout=30
    )
    return str(json.loads(answer.content)["outcome"])


def correct(seats: Seats, number: str, of: Trainee) -> str:
    """Return the number of the certificate that takes the place of one whose name lacked a character."""
    registrar = seats["registrar-1"]
    page = registrar.page
    registrar.go(f"/staff/certificates/{number}/correct")
    page.fill("#name", of.name + "明")
    page.fill("#note", "登记时漏写一字")
    registrar.press("预览")
    registrar.press("提请更正")
    approve(seats, number)
    registrar = seats["registrar-1"]
    registrar.go(f"/staff/certificates/{number}")
    found = re.findall(r"[A-Z]{2,4}20\d{8}[0-9A-Z*]", registrar.page.inner_text("main"))
    return next(str(one) for one in found if one != number)


def revoke(seats: Seats, number: str) -> None:
    """A certificate is revoked by two people, and the public page says so."""
    registrar = seats["registrar-1"]
    registrar.go(f"/staff/certificates/{number}/revoke")
    registrar.page.check("#reason-issued_in_error")
    registrar.press("预览")
    registrar.press("提请撤销 1 份")
    approve(seats, number)


def approve(seats: Seats, number: str) -> None:
    approver = seats["approver-1"]
    approver.go("/staff/proposals")
    approver.follow(number)
    approver.press("批准")


def find_the_person(seats: Seats, number: str, of: Trainee) -> None:
    """By the number in the one box, and then by the ID number alone; the page has everything that happened."""
    registrar = seats["registrar-1"]
    for text in (number, of.id_number):
        registrar.go("/staff/search")
        registrar.page.fill("#text", text)
        registrar.press("查找")
        with registrar.page.expect_navigation():
            registrar.page.locator("main a[href*='/staff/people/']").first.click()
        registrar.judge()
        told = registrar.page.inner_text("main")
        assert number in told
        assert of.id_number not in told, "masked until somebody asks, which is logged"


def read_the_trail(seats: Seats, number: str) -> None:
    """Who did what is in the trail, which holds together; the first page has this week's figures."""
    auditor = seats["auditor-1"]
    auditor.go("/staff")
    auditor.go("/staff/audit")
    told = auditor.page.inner_text("main")
    assert number in told
    assert "registrar-1+approver-1" in told
    auditor.press("核对全部记录")
    assert "已核对全部记录：完整。" in auditor.page.inner_text("main")


def test_a_passkey_is_made_and_signs_in_by_itself(house: House) -> None:
    """By Chromium's own virtual authenticator."""
    context = house.browser.new_context(locale="zh-CN")
    admin = Seat(house, context, "admin-1")
    devices = context.new_cdp_session(admin.page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    always = {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **always}})
    admin.sign_in()

    admin.go("/staff/account/passkeys")
    admin.page.fill("#label", "办公室电脑")
    admin.press("创建通行密钥")
    expect(admin.page.locator("main")).to_contain_text("办公室电脑")
    admin.press("退出")
    admin.press("使用通行密钥")

    expect(admin.page).to_have_url(house.url + "/staff")
    assert admin.faults == []
    context.close()
