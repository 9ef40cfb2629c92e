"""PDFs per second on one core, bare and signed, beside the same page by stock reportlab and by typst."""

import asyncio
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from statistics import median
from typing import Final

import msgspec

from ops.bench.issuing import sample_photo
from ops.bench.people import invent_people
from ops.bench.stock_page import StockPage
from ops.bench.typst_page import TypstPage, symbol_as_svg
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

COUNT: Final = 200
STOCK_COUNT: Final = 20
ROUNDS: Final = 3


def main(count: int = COUNT) -> None:
    """Print files per CPU second of each way to draw the same pages, in alternating rounds, and what ours cost."""
    started = time.perf_counter()
    contents = list(_contents(1))
    file = render_certificate(contents[0])
    first = time.perf_counter() - started
    contents = list(_contents(count))
    for content in contents:
        render_certificate(content)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    symbols = [symbol_as_svg(_qr_text(serial)) for serial in range(1, count + 1)]
    stock = StockPage(contents[0])
    with TypstPage(contents[0]) as typst:
        typst.draw(contents[0], symbols[0])
        rounds = [
            (
                _rate(render_certificate, [(content,) for content in contents]),
                _rate(typst.draw, list(zip(contents, symbols, strict=True))),
                _rate(stock.draw, [(content,) for content in contents[:STOCK_COUNT]]),
            )
            for _ in range(ROUNDS)
        ]
    ours, theirs, plain = (median(rates) for rates in zip(*rounds, strict=True))
    signed = median(asyncio.run(_signed_rate(contents)) for _ in range(ROUNDS))
    print(f"pdf        {ours:8.0f} certificates/s on one core   {1000 / ours:.1f} ms, {len(file) / 1024:.0f} KB each")
    print(f"  typst    {theirs:8.0f} pages/s, compiler kept, on our finished sheet   ratio {ours / theirs:.1f}")
    print(f"  stock    {plain:8.0f} pages/s of reportlab alone, the same page   ratio {ours / plain:.1f}")
    print(f"  signed   {signed:8.0f} certificates/s on one core, with the record attached   {1000 / signed:.1f} ms")
    print(f"  two processes: {_share_of_two(count):.2f} x as many as one")
    print(f"  first of a process after {first:.2f} s; memory at most {memory:.0f} MB")


def _qr_text(serial: int) -> str:
    return f"https://cert.example.cn/v/{serial:016d}#" + "A7Kq9ZbP3xWm" * 14


def _contents(count: int) -> list[CertificateContent]:
    texts: CertificateTexts = load_institution(load_settings({})).paper("omnimedia_operator")
    photo = sample_photo()
    return [
        CertificateContent(
            design="omnimedia_operator",
            texts=texts,
            name=person.name,
            sex=person.sex,
            id_number=person.id_number,
            certificate_number=format_certificate_number("QMT", 2026, serial),
            issued_on=today_in_shanghai(),
            qr=qr_matrix(_qr_text(serial)),
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
        list(pool.map(_draw_all, [count, count]))
        started = time.perf_counter()
        pool.submit(_draw_all, count).result()
        alone = time.perf_counter() - started
        started = time.perf_counter()
        list(pool.map(_draw_all, [count, count]))
        return 2 * alone / (time.perf_counter() - started)


@cache
def _prepared(count: int) -> list[CertificateContent]:
    return list(_contents(count))


def _draw_all(count: int) -> None:
    for content in _prepared(count):
        render_certificate(content)


def _rate(draw: Callable[..., bytes], pages: Sequence[tuple[object, ...]]) -> float:
    started = time.process_time()
    for page in pages:
        draw(*page)
    return len(pages) / (time.process_time() - started)


if __name__ == "__main__":
    main()
