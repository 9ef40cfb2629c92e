"""A sheet and what follows it make one sound file."""

import io
from collections.abc import Callable

import pikepdf
import pytest

from pdf import CertificateContent, Orientation, render_certificate

MakeContent = Callable[..., CertificateContent]


def reachable(document: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Return the objects that the trailer leads to."""
    found: set[tuple[int, int]] = set()
    left: list[object] = [document.trailer]
    while left:
        item = left.pop()
        if not isinstance(item, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream) or item.objgen in found:
            continue
        if item.is_indirect:
            found.add(item.objgen)
        left.extend(item if isinstance(item, pikepdf.Array) else [item[key] for key in item.keys()])  # noqa: SIM118
    return found


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("size", [None, (295, 413)], ids=["without photo", "with photo"])
def test_a_file_holds_every_object_it_refers_to_and_no_other(
    orientation: Orientation,
    size: tuple[int, int] | None,
    make_content: MakeContent,
    make_jpeg: Callable[..., bytes],
) -> None:
    content = make_content(orientation=orientation, photo_jpeg=None if size is None else make_jpeg(size=size))

    with pikepdf.open(io.BytesIO(render_certificate(content))) as document:
        assert document.check_pdf_syntax() == []
        assert reachable(document) == {item.objgen for item in document.objects}


def test_certificates_of_one_sheet_begin_alike(make_content: MakeContent) -> None:
    first, second = (render_certificate(make_content(name=name)) for name in ("王伟", "阿依古丽"))

    assert alike(first, second) > 0.8 * len(first)


def test_another_layout_is_another_sheet(make_content: MakeContent) -> None:
    landscape, portrait = (render_certificate(make_content(orientation=value)) for value in Orientation)

    assert alike(landscape, portrait) < 0.2 * len(landscape)


def alike(first: bytes, second: bytes) -> int:
    """Return how many bytes the two have in common before they differ."""
    return next(at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other)
