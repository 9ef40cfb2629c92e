"""Draws the certificates of this folder: `python -m ops.pictures.certificates`. All persons are invented."""

import datetime
import io
from pathlib import Path
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
from PIL import Image, ImageDraw

from pdf import CertificateContent, Orientation, render_certificate
from signing import qr_matrix
from verify_service.institution import load_institution
from verify_service.settings import load_settings

FOLDER: Final = Path(__file__).parent
DPI: Final = 75
QR_TEXT: Final = "https://cert.example.cn/v/0123456789ABCDEF#" + "A7Kq9ZbP3xWm" * 14
LONGEST: Final = "吾尔开希·买买提·阿卜杜热合曼·艾合买提江·托合提·阿不都外力·吐尔逊·麦麦提明·艾尔肯"
PICTURES: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "certificate": ("omnimedia_operator", {}),
    "certificate-online-host": ("online_host", {"name": "张伟", "sex": "男"}),
    "certificate-longest-name": ("omnimedia_operator", {"name": LONGEST, "sex": "男"}),
    "certificate-rarest-name": ("online_host", {"name": "䶮㛃𬍛𠅤𠮷𬱖"}),
    "certificate-masked": ("omnimedia_operator", {"id_number": "1****************X"}),
    "certificate-portrait": ("omnimedia_operator", {"orientation": Orientation.PORTRAIT}),
}


def main() -> None:
    """Write every picture."""
    institution = load_institution(load_settings({}))
    for name, (kind, changes) in PICTURES.items():
        fields: dict[str, object] = {
            "design": kind,
            "texts": institution.paper(kind),
            "name": "欧阳堃喆",
            "sex": "女",
            "id_number": "11010119900307425X",
            "certificate_number": "QMT20260001234",
            "issued_on": datetime.date(2026, 11, 27),
            "qr": qr_matrix(QR_TEXT),
            "photo_jpeg": portrait(),
        }
        content = CertificateContent(**{**fields, **changes})  # type: ignore[arg-type]  # values of the table above
        page = pypdfium2.PdfDocument(render_certificate(content))[0]
        picture = page.render(scale=DPI / 72).to_pil().convert("RGB")
        picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            FOLDER / f"{name}.png", optimize=True
        )


def portrait() -> bytes:
    """Return a photo of nobody: a few plain shapes."""
    image = Image.new("RGB", (413, 579), "#dfe8f2")
    pen = ImageDraw.Draw(image)
    pen.ellipse((116, 110, 297, 340), fill="#e9c7a8")
    pen.pieslice((20, 360, 393, 820), 180, 360, fill="#2d3f57")
    pen.pieslice((104, 80, 309, 300), 180, 360, fill="#2a211c")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=92)
    return written.getvalue()


if __name__ == "__main__":
    main()
