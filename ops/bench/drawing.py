"""PDFs per second on one core, beside stock reportlab writing the same words with the same fonts, registered once."""

import io
import time
from pathlib import Path
from statistics import median

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import pdf
from ops.bench.issuing import sample_photo
from ops.bench.people import invent_people
from pdf import CertificateContent, CertificateTexts, render_certificate
from signing import format_certificate_number, qr_matrix
from verify_service.clock import today_in_shanghai
from verify_service.institution import load_institution
from verify_service.settings import load_settings

COUNT = 100
ROUNDS = 3
QR = "https://cert.example.cn/v/0123456789ABCDEF#" + "A7Kq9ZbP3xWm" * 14
FONTS = Path(pdf.__file__).parent / "assets" / "fonts"


def main(count: int = COUNT) -> None:
    """Print certificates/s of `render_certificate` and pages/s of the baseline, which draws no ornament at all."""
    contents = list(_contents(count))
    size = len(render_certificate(contents[0]))
    pdfmetrics.registerFont(TTFont("Kai", FONTS / "LXGWWenKai-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("Song", FONTS / "NotoSerifSC-Regular.ttf"))
    _stock(contents[0])
    rounds = [(_rate(render_certificate, contents), _rate(_stock, contents[: count // 5])) for _ in range(ROUNDS)]
    ours, stock = (median(rates) for rates in zip(*rounds, strict=True))
    print(f"pdf        {ours:8.0f} certificates/s on one core   {1000 / ours:.1f} ms, {size / 1024:.0f} KB each")
    print(f"  baseline {stock:8.0f} pages/s of stock reportlab, same words, no ornaments   ratio {ours / stock:.1f}")


def _contents(count: int) -> list[CertificateContent]:
    texts: CertificateTexts = load_institution(load_settings({})).paper("omnimedia_operator")
    matrix, photo = qr_matrix(QR), sample_photo()
    return [
        CertificateContent(
            design="omnimedia_operator",
            texts=texts,
            name=person.name,
            sex=person.sex,
            id_number=person.id_number,
            certificate_number=format_certificate_number("QMT", 2026, serial),
            issued_on=today_in_shanghai(),
            qr=matrix,
            photo_jpeg=photo,
        )
        for serial, person in enumerate(invent_people(count), start=1)
    ]


def _rate(draw: object, contents: list[CertificateContent]) -> float:
    assert callable(draw)
    started = time.process_time()
    for content in contents:
        draw(content)
    return len(contents) / (time.process_time() - started)


def _stock(content: CertificateContent) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(297 * mm, 210 * mm), invariant=1)
    texts = content.texts
    lines = (texts.issuer, texts.title, texts.title_english, texts.statement, texts.statement_english, texts.unit)
    for row, line in enumerate((*lines, texts.lookup_hint, texts.scan_hint, content.id_number, "2026年11月23日")):
        canvas.setFont("Song", 14)
        canvas.drawString(70 * mm, (180 - 12 * row) * mm, line)
    canvas.setFont("Kai", 28)
    canvas.drawString(110 * mm, 50 * mm, content.name)
    assert content.photo_jpeg is not None
    canvas.drawImage(ImageReader(io.BytesIO(content.photo_jpeg)), 30 * mm, 90 * mm, 25 * mm, 35 * mm)
    for y, cells in enumerate(content.qr):
        for x, dark in enumerate(cells):
            if dark:
                canvas.rect((30 + x / 2) * mm, (60 - y / 2) * mm, 0.5 * mm, 0.5 * mm, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


if __name__ == "__main__":
    main()
