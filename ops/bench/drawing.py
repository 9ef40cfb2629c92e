"""PDFs per second on one core, bare and signed, beside stock reportlab writing the same words, fonts loaded once."""

import asyncio
import io
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import msgspec
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import pdf
from ops.bench.issuing import sample_photo
from ops.bench.people import invent_people
from pdf import (
    Attachment,
    CertificateContent,
    CertificateTexts,
    SignatureField,
    UnsignedFile,
    render_certificate,
)
from signing import (
    format_certificate_number,
    generate_document_key,
    parse_certificates,
    qr_matrix,
    self_signed_certificate,
)
from signing.pades import PadesSigner
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
    signed = median(asyncio.run(_signed_rate(contents)) for _ in range(ROUNDS))
    print(f"pdf        {ours:8.0f} certificates/s on one core   {1000 / ours:.1f} ms, {size / 1024:.0f} KB each")
    print(f"  baseline {stock:8.0f} pages/s of stock reportlab, same words, no ornaments   ratio {ours / stock:.1f}")
    print(f"  signed   {signed:8.0f} certificates/s on one core, with the record attached   {1000 / signed:.1f} ms")
    print(f"  two processes: {_share_of_two(count):.2f} x as many as one")


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


async def _signed_rate(contents: list[CertificateContent]) -> float:
    private_key = generate_document_key()
    pem = self_signed_certificate(private_key, "Bench", today_in_shanghai())
    signer = PadesSigner(private_key, parse_certificates(pem))
    field = SignatureField(signer.not_before, signer.max_bytes)
    record = (Attachment("certificate.vc.json", "application/vc", bytes(2_400)),)
    started = time.process_time()
    for content in contents:
        unsigned = UnsignedFile(render_certificate(msgspec.structs.replace(content, attachments=record), field))
        unsigned.embed(await signer.sign_digest(unsigned.digest))
    return len(contents) / (time.process_time() - started)


def _share_of_two(count: int) -> float:
    """Return how many more two processes draw in the same time, once each has its fonts in memory."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_draw_all, [1, 1]))
        started = time.perf_counter()
        pool.submit(_draw_all, count).result()
        alone = time.perf_counter() - started
        started = time.perf_counter()
        list(pool.map(_draw_all, [count, count]))
        return 2 * alone / (time.perf_counter() - started)


def _draw_all(count: int) -> None:
    for content in _contents(count):
        render_certificate(content)


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
