"""The printed symbol: decoded by a scanner's library, of legible size, clear of everything else."""

from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp

from pdf import CertificateContent, QrError, render_certificate
from pdf.layouts import LANDSCAPE, LAYOUTS, Layout
from pdf.qr import qr_area

MakeMatrix = Callable[..., tuple[tuple[bool, ...], ...]]
TEXT = "https://verify.example.org/v/7H3K9QWXYZ2M4P6R#" + "0KRKcQSnb8xBGmnFDUjwVcU_" * 7


@pytest.mark.parametrize("dpi", [100, 150])
@pytest.mark.parametrize("version", [None, 13, 15, 20])
def test_a_scanner_reads_the_symbol_from_a_raster(
    dpi: int,
    version: int | None,
    make_content: Callable[..., CertificateContent],
    qr_matrix: MakeMatrix,
    rasterise: Callable[[bytes, int], Any],
) -> None:
    file = render_certificate(make_content(qr=qr_matrix(TEXT, version)))

    found = zxingcpp.read_barcodes(rasterise(file, dpi))

    assert [symbol.text for symbol in found] == [TEXT]


@pytest.mark.parametrize(("version", "side"), [(1, 30), (11, 30), (13, 30), (14, 31.6), (20, 40.9)])
def test_the_symbol_grows_only_where_modules_would_shrink_below_those_of_version_13(
    version: int, side: float, qr_matrix: MakeMatrix
) -> None:
    assert qr_area(qr_matrix("1", version), LANDSCAPE.qr).width == pytest.approx(side, abs=0.05)


@pytest.mark.parametrize("version", [1, 13, 20])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_seal_texts_and_photo_stay_clear_of_the_symbol(version: int, layout: Layout, qr_matrix: MakeMatrix) -> None:
    symbol = qr_area(qr_matrix("1", version), layout.qr)

    assert not symbol.meets(layout.seal)
    assert not symbol.meets(layout.photo_frame)
    assert symbol.right < layout.lookup_hint.x
    assert symbol.bottom > layout.scan_hint.baseline + 2


@pytest.mark.parametrize(
    "matrix",
    [
        (),
        ((True,),),
        tuple((True,) * 20 for _ in range(20)),
        tuple((True,) * 22 for _ in range(22)),
        (*((True,) * 21 for _ in range(20)), (True,) * 20),
        tuple((True,) * 101 for _ in range(101)),  # version 21: 42 mm
        tuple((True,) * 181 for _ in range(181)),
    ],
)
def test_a_matrix_that_is_no_printable_symbol_is_refused(matrix: tuple[tuple[bool, ...], ...]) -> None:
    with pytest.raises(QrError):
        qr_area(matrix, LANDSCAPE.qr)
