"""Things handed in to be verified that are no certificates, or more than a reader bargains for."""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Final

import pikepdf
import segno
from PIL import Image

from tests.artefacts import pdf, qr_picture, qr_text, record
from tests.hostile.corpus import hostile

DATA: Final = Path(__file__).parents[1] / "data"
BLANK_PAGE: Final = {"Type": pikepdf.Name.Page, "MediaBox": [0, 0, 842, 595]}


def _picture(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def _drawn(content: bytes, pages: int = 1, **entries: object) -> bytes:
    """Return a PDF whose pages are drawn by these instructions."""
    written = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            page = pikepdf.Dictionary({f"/{name}": value for name, value in {**BLANK_PAGE, **entries}.items()})
            page.Contents = made.make_stream(content)
            made.pages.append(pikepdf.Page(made.make_indirect(page)))
        made.save(written)
    return written.getvalue()


@hostile("nothing at all", "artefact.pdf", "ARTEFACT_EMPTY")
def _empty() -> bytes:
    return b""


@hostile("a ZIP file", "artefact.zip", "ARTEFACT_FORMAT")
def _archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("certificate.pdf", bytes(100 << 20))
    return packed.getvalue()


@hostile("11 MB of zeros", "artefact.bin", "ARTEFACT_TOO_LARGE")
def _zeros() -> bytes:
    return bytes(11 << 20)


@hostile("a text that is no address", "artefact.txt", "ARTEFACT_FORMAT")
def _poem() -> bytes:
    return "床前明月光".encode()


@hostile("a portrait without any QR code", "artefact.jpg", "NO_CERTIFICATE")
def _portrait() -> bytes:
    with zipfile.ZipFile(DATA / "photos-host.zip") as archive:
        return archive.read(archive.namelist()[0])


@hostile("somebody else's QR code", "artefact.png", "OTHER_SITE")
def _foreign() -> bytes:
    return qr_picture("https://example.com/pay/1234")


@hostile("a QR code that bears a virus's test text", "artefact.png", "NO_CERTIFICATE")
def _text() -> bytes:
    return qr_picture("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR")


@hostile("QR codes of two certificates on one sheet", "artefact.png", "SEVERAL_CERTIFICATES")
def _two_codes() -> bytes:
    first, second = (Image.open(io.BytesIO(qr_picture(qr_text(name=name)))) for name in ("林晓禾", "林晓木"))
    sheet = Image.new("RGB", (first.width + second.width, max(first.height, second.height)), "white")
    sheet.paste(first, (0, 0))
    sheet.paste(second, (first.width, 0))
    return _picture(sheet)


@hostile("a sheet of 400 QR codes", "artefact.png", "OTHER_SITE")
def _many_codes() -> bytes:
    sheet = Image.new("L", (2600, 2600), 255)
    for number in range(400):
        symbol = io.BytesIO()
        segno.make_qr(f"https://example.com/{number}").save(symbol, kind="png", scale=3, border=4)
        sheet.paste(Image.open(symbol).convert("L"), (130 * (number % 20), 130 * (number // 20)))
    return _picture(sheet)


@hostile("noise of 12 million pixels", "artefact.jpg", "NO_CERTIFICATE")
def _noise() -> bytes:
    return _picture(Image.effect_noise((4000, 3000), 120), "JPEG", quality=30)


@hostile("a check pattern of 12 million pixels, every corner a finder", "artefact.png", "ARTEFACT_TIMED_OUT")
def _checks() -> bytes:
    tile = Image.new("L", (14, 14), 255)
    tile.paste(0, (0, 0, 14, 14))
    tile.paste(255, (2, 2, 12, 12))
    tile.paste(0, (4, 4, 10, 10))
    sheet = Image.new("L", (3990, 3000), 255)
    for left in range(0, sheet.width, 18):
        for top in range(0, sheet.height, 18):
            sheet.paste(tile, (left, top))
    return _picture(sheet)


@hostile("a PNG that announces 900 million pixels", "artefact.png", "PICTURE_TOO_LARGE")
def _pixel_bomb() -> bytes:
    small = bytearray(_picture(Image.new("L", (8, 8))))
    small[16:24] = (30_000).to_bytes(4, "big") * 2
    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    return bytes(small)


@hostile("a PNG of 25 million pixels in colour", "artefact.png", "PICTURE_TOO_LARGE")
def _large_png() -> bytes:
    return _picture(Image.new("RGBA", (5000, 5000)))


@hostile("a progressive JPEG of 48 million pixels", "artefact.jpg", "PICTURE_TOO_LARGE")
def _progressive() -> bytes:
    return _picture(Image.new("RGB", (8000, 6000), "white"), "JPEG", progressive=True)


@hostile("a picture cut off in the middle", "artefact.png", "PICTURE_DAMAGED")
def _cut_picture() -> bytes:
    whole = qr_picture(qr_text())
    return whole[: len(whole) // 2]


@hostile("a PDF under a password", "artefact.pdf", "PDF_ENCRYPTED")
def _encrypted() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        opened.save(written, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return written.getvalue()


@hostile("a PDF of its first bytes alone", "artefact.pdf", "PDF_DAMAGED")
def _header() -> bytes:
    return b"%PDF-1.7\n"


@hostile("a PDF of 1,000 pages", "artefact.pdf", "PDF_PAGES")
def _pages() -> bytes:
    return _drawn(b"", pages=1000)


@hostile("a blank PDF", "artefact.pdf", "NO_CERTIFICATE")
def _blank() -> bytes:
    return _drawn(b"")


@hostile("a page of 100,000 shapes", "artefact.pdf", "PDF_TOO_COMPLEX")
def _shapes() -> bytes:
    return _drawn(b"0 0 9 9 re f " * 100_000)


@hostile("a page that unpacks to 300 MB of instructions", "artefact.pdf", "ARTEFACT_DAMAGED")
def _instructions() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(_drawn(b""))) as opened:
        packed = zlib.compress(b"0 0 9 9 re f " * (300 << 20 >> 4), 9)
        opened.pages[0].Contents = pikepdf.Stream(opened, packed, Filter=pikepdf.Name.FlateDecode)
        opened.save(written, compress_streams=False)
    return written.getvalue()


@hostile("a page 1 point high and a light-second wide", "artefact.pdf", "PDF_DAMAGED")
def _wide() -> bytes:
    return _drawn(b"", MediaBox=[0, 0, 10**9, 1.5])


@hostile("nine attachments", "artefact.pdf", "PDF_ATTACHMENTS")
def _attachments() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        for number in range(9):
            opened.attachments[f"{number}.txt"] = pikepdf.AttachedFileSpec(opened, b"x")
        opened.save(written)
    return written.getvalue()


@hostile("a record attached that unpacks to 400 MB", "artefact.pdf", "ARTEFACT_DAMAGED")
def _attached_bomb() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        stream = opened.Root.AF[0].EF.F
        stream.write(zlib.compress(bytes(400 << 20), 9), filter=pikepdf.Name.FlateDecode)
        opened.save(written, compress_streams=False)
    return written.getvalue()


@hostile("JSON nested 100,000 deep", "artefact.json", "RECORD_MALFORMED")
def _nested() -> bytes:
    return b'{"a":' * 100_000


@hostile("a number of a million digits", "artefact.json", "RECORD_MALFORMED")
def _digits() -> bytes:
    return b'{"a":' + b"9" * 1_000_000 + b"}"


@hostile("a record with one more member", "artefact.json", "SIGNATURE_BROKEN")
def _member() -> bytes:
    return record().replace(b'{"@context"', b'{"@a":1,"@context"', 1)


@hostile("a record of a stranger", "artefact.json", "NOT_OUR_SIGNATURE")
def _stranger() -> bytes:
    return record(issuer_did="did:web:example.com")
