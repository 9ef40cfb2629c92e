"""ZIP files of photos whose pictures, names or packing are the weapon."""

import io
import stat
import struct
import zipfile
import zlib

from PIL import Image

from tests.hostile.archives import announce
from tests.hostile.corpus import hostile

NAME = "林晓禾+110000199003079874.jpg"


def photos(content: bytes, name: str = NAME, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP with one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def png(width: int, height: int, *, colour_type: int = 2, extra: tuple[tuple[bytes, bytes], ...] = ()) -> bytes:
    """Return a PNG of two colours, opaque or not, with chunks of one's own before the pixels."""
    dark, light = {0: (b"\0", b"\xff"), 2: (b"\0" * 3, b"\xff" * 3), 6: (b"\0\0\0\xff", b"\0" * 4)}[colour_type]
    row = b"\0" + dark * (width // 2) + light * ((width + 1) // 2)
    packer = zlib.compressobj(9)
    pixels = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">LLBBBBB", width, height, 8, colour_type, 0, 0, 0)
    chunks = ((b"IHDR", header), *extra, (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data)) for kind, data in chunks
    )


def jpeg(width: int = 295, height: int = 413, **options: object) -> bytes:
    """Return a JPEG with something to see in it."""
    encoded = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(encoded, "JPEG", **options)
    return encoded.getvalue()


@hostile("a PNG that announces 900 megapixels", "photos.zip", ":PHOTO_PIXELS")
def _announced_pixels() -> bytes:
    small, sizes_at = png(300, 400), 16
    header = b"IHDR" + struct.pack(">LL", 30_000, 30_000) + small[sizes_at + 8 : sizes_at + 13]
    return photos(small[: sizes_at - 4] + header + struct.pack(">L", zlib.crc32(header)) + small[sizes_at + 17 :])


@hostile("a PNG of 169 megapixels in 0.5 MB", "photos.zip", ":PHOTO_PIXELS")
def _pixel_bomb() -> bytes:
    return photos(png(13_000, 13_000, colour_type=0))


@hostile("24 megapixels with transparency", "photos.zip", ":")
def _large_but_allowed() -> bytes:
    return photos(png(4_000, 6_000, colour_type=6))


@hostile("a progressive JPEG of 24 megapixels", "photos.zip", ":")
def _progressive() -> bytes:
    return photos(jpeg(4_000, 6_000, progressive=True, quality=60))


@hostile("a progressive JPEG of 3,000 scans", "photos.zip", ":PHOTO_DAMAGED")
def _scan_storm() -> bytes:
    encoded = jpeg(4_000, 6_000, progressive=True, quality=20)
    first_scan = encoded.find(b"\xff\xda", encoded.find(b"\xff\xda") + 2)
    last_scan = encoded.rfind(b"\xff\xda")
    scan = encoded[last_scan:-2][:2000]
    return photos(encoded[:first_scan] + scan * 3_000 + b"\xff\xd9")


@hostile("text of 200 MB in a PNG's comment", "photos.zip", ":PHOTO_FORMAT")
def _text_bomb() -> bytes:
    text = b"Comment\0\0" + zlib.compress(b"A" * (200 << 20), 9)
    return photos(png(295, 413, extra=((b"zTXt", text),)), method=zipfile.ZIP_STORED)


@hostile("a colour profile of 200 MB", "photos.zip", ":PHOTO_FORMAT")
def _profile_bomb() -> bytes:
    profile = b"icc\0\0" + zlib.compress(b"\0" * (200 << 20), 9)
    return photos(png(295, 413, extra=((b"iCCP", profile),)), method=zipfile.ZIP_STORED)


@hostile("a JPEG cut off", "photos.zip", ":PHOTO_DAMAGED")
def _truncated() -> bytes:
    return photos(jpeg(600, 840)[:3_000])


@hostile("a GIF renamed to .jpg", "photos.zip", ":PHOTO_FORMAT")
def _gif() -> bytes:
    encoded = io.BytesIO()
    Image.new("P", (295, 413)).save(encoded, "GIF")
    return photos(encoded.getvalue())


@hostile("an SVG with a script, renamed to .jpg", "photos.zip", ":PHOTO_FORMAT")
def _svg() -> bytes:
    return photos(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')


@hostile("a PostScript program renamed to .jpg", "photos.zip", ":PHOTO_FORMAT")
def _postscript() -> bytes:
    return photos(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(/etc/passwd) (r) file\n")


@hostile("a JPEG that is a web page and a ZIP too", "photos.zip", ":")
def _polyglot() -> bytes:
    comment = b"<script>alert(1)</script>"
    picture = jpeg()
    marked = picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:]
    return photos(marked + photos(b"payload", "payload.exe"))


@hostile("EXIF that points outside itself", "photos.zip", ":")
def _broken_exif() -> bytes:
    tiff = b"II*\0" + struct.pack("<L", 8) + struct.pack("<HHHLL", 1, 0x0112, 3, 0xFFFF_FFFF, 0xFFFF_FFF0)
    return photos(jpeg(exif=b"Exif\0\0" + tiff))


@hostile("a name that climbs out of its folder", "photos.zip", ":PHOTO_PATH")
def _climbing_name() -> bytes:
    return photos(jpeg(), "../../../../tmp/" + NAME)


@hostile("a name with a drive letter", "photos.zip", ":PHOTO_PATH")
def _drive_letter() -> bytes:
    return photos(jpeg(), "C:\\Windows\\" + NAME)


@hostile("a symbolic link", "photos.zip", ":PHOTO_PATH")
def _symbolic_link() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo(NAME)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return packed.getvalue()


@hostile("a name that reads backwards", "photos.zip", ":PATTERN")
def _backwards_name() -> bytes:
    return photos(jpeg(), "林晓禾+110000199003079874\u202egpj.exe")


@hostile("a ZIP in the ZIP", "photos.zip", ":PHOTO_NESTED")
def _nested() -> bytes:
    return photos(photos(jpeg()), "林晓禾+110000199003079874.zip")


@hostile("20,000 files", "photos.zip", "ARCHIVE_TOO_LARGE")
def _many_files() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.jpg", b"")
    return packed.getvalue()


@hostile("a picture of 300 MB, packed to 300 KB", "photos.zip", "ARCHIVE_TOO_LARGE")
def _unpacked_size() -> bytes:
    return photos(b"\0" * (300 << 20))


@hostile("a picture that unpacks to more than it says", "photos.zip", ":PHOTO_DAMAGED")
def _lying_size() -> bytes:
    return announce(photos(jpeg(2_000, 2_800)), NAME, 100)


@hostile("a RAR renamed to .zip", "photos.zip", "NOT_ZIP")
def _rar() -> bytes:
    return b"Rar!\x1a\x07\x01\x00" + b"\0" * 1000
