"""One certificate's content with sensible defaults; a test names only what it is about."""

import datetime
import io
from collections.abc import Callable

import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest
import segno
from PIL import Image, ImageDraw

from pdf import CertificateContent, CertificateTexts

QR_TEXT = "https://verify.example.org/v/7H3K9QWXYZ2M4P6R#" + "0KRKcQSnb8xBGmnFDUjwVcU_" * 7 + "abc"

OMNIMEDIA_TEXTS = CertificateTexts(
    issuer="国家广播电视总局广播影视人才交流中心",
    title="全媒体运营师岗位合格证书",
    title_english="CERTIFICATE OF COMPLETION",
    subtitle_english="Omnimedia Operator Training Programme",
    statement="参加全媒体运营师岗位培训，经闭卷考试，成绩合格，准予颁发本证书。",
    statement_english="The holder has completed the Omnimedia Operator training and passed the closed-book exam.",
    unit="广播影视人才交流中心",
    lookup_hint="本证书可凭姓名、身份号码、手机号中任意两项在官网“注册备案、认证查询”栏目核验。",
    lookup_hint_english="Verify online with any two of name, ID number and phone.",
    scan_hint="扫码查验真伪",
    scan_hint_english="Scan to verify",
)


def qr_matrix(text: str, version: int | None = None) -> tuple[tuple[bool, ...], ...]:
    symbol = segno.make(text, version=version, error="m", boost_error=False, micro=False)
    return tuple(tuple(bool(module) for module in row) for row in symbol.matrix)


def make_content(**changes: object) -> CertificateContent:
    fields: dict[str, object] = {
        "design": "omnimedia_operator",
        "texts": OMNIMEDIA_TEXTS,
        "name": "欧阳堃喆",
        "sex": "女",
        "id_number": "11010119900307425X",
        "certificate_number": "QMT20260001234",
        "issued_on": datetime.date(2026, 3, 5),
        "qr": qr_matrix(QR_TEXT),
    }
    return CertificateContent(**{**fields, **changes})  # type: ignore[arg-type]  # a test may pass what it likes


def make_jpeg(mode: str = "RGB", size: tuple[int, int] = (295, 413), **options: object) -> bytes:
    """A picture whose upper half differs from its lower half."""
    image = Image.new("RGB", size, "#3060C0")
    ImageDraw.Draw(image).rectangle((0, 0, size[0], size[1] // 2), fill="#F0E0D0")
    written = io.BytesIO()
    image.convert(mode).save(written, "JPEG", **options)
    return written.getvalue()


def extract_text(file: bytes) -> str:
    return str(pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()).replace("\r\n", "\n")


def rasterise(file: bytes, dpi: int) -> Image.Image:
    image: Image.Image = pypdfium2.PdfDocument(file)[0].render(scale=dpi / 72).to_pil()
    return image


@pytest.fixture(name="make_content")
def provide_make_content() -> Callable[..., CertificateContent]:
    return make_content


@pytest.fixture(name="make_jpeg")
def provide_make_jpeg() -> Callable[..., bytes]:
    return make_jpeg


@pytest.fixture(name="qr_matrix")
def provide_qr_matrix() -> Callable[..., tuple[tuple[bool, ...], ...]]:
    return qr_matrix


@pytest.fixture(name="extract_text")
def provide_extract_text() -> Callable[[bytes], str]:
    return extract_text


@pytest.fixture(name="rasterise")
def provide_rasterise() -> Callable[[bytes, int], Image.Image]:
    return rasterise
