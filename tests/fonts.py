"""A TrueType font made from nothing: a black square for each of its characters."""

import struct
from collections.abc import Mapping

EM = 1000
_SQUARE = struct.pack(">hhhhhHH", 1, 50, 0, 850, 800, 3, 0) + bytes([1] * 4)  # four points on the curve, no hints
_SQUARE += struct.pack(">hhhh", 50, 0, 800, 0) + struct.pack(">hhhh", 0, 800, 0, -800)


def square_font(characters: str, *, empty: str = "", name: str = "Squares") -> bytes:
    """Return a font of these characters; those in `empty` have a glyph without an outline."""
    outlines = [_SQUARE] * (len(characters) + 1) + [b""] * len(empty)
    glyphs = {character: number for number, character in enumerate(characters + empty, start=1)}
    offsets = [sum(map(len, outlines[:at])) for at in range(len(outlines) + 1)]
    return _file(
        {
            b"cmap": _cmap(glyphs),
            b"glyf": b"".join(outlines),
            b"head": struct.pack(
                ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, 0, 0, 900, 800, 0, 8, 2, 1, 0
            ),
            b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 880, -120, 0, EM, *[0] * 11, len(outlines)),
            b"hmtx": struct.pack(">Hh", EM, 50) * len(outlines),
            b"loca": struct.pack(f">{len(offsets)}I", *offsets),
            b"maxp": struct.pack(">IH", 0x10000, len(outlines)) + struct.pack(">13H", 4, 1, *[0] * 11),
            b"name": _name(name),
        }
    )


def _cmap(glyphs: Mapping[str, int]) -> bytes:
    groups = b"".join(struct.pack(">III", ord(one), ord(one), glyphs[one]) for one in sorted(glyphs))
    subtable = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable


def _name(name: str) -> bytes:
    text = name.encode("utf-16-be")
    return struct.pack(">HHH", 0, 1, 18) + struct.pack(">HHHHHH", 3, 1, 0x409, 6, len(text), 0) + text


def _file(tables: Mapping[bytes, bytes]) -> bytes:
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, 0, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 0, 0, 0) + directory + body
