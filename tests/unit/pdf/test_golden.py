"""The whole text of one certificate per design, in reading order, as a PDF reader extracts it."""

import datetime
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pdf import CertificateContent, render_certificate

GOLDEN = Path(__file__).parents[2] / "golden" / "pdf"

TITLES = {
    "omnimedia_operator": "全媒体运营师岗位合格证书",
    "online_host": "网络视听主播岗位合格证书",
}


@pytest.mark.parametrize("design", sorted(TITLES))
def test_the_page_reads_as_agreed(
    design: str, make_content: Callable[..., CertificateContent], extract_text: Callable[[bytes], str]
) -> None:
    texts = msgspec.structs.replace(make_content().texts, title=TITLES[design])
    content = make_content(design=design, texts=texts, name="张𠮷", issued_on=datetime.date(2026, 11, 23))

    text = extract_text(render_certificate(content))

    assert text.splitlines() == (GOLDEN / f"certificate-{design}.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("design", sorted(TITLES))
def test_seal_and_microtext_are_drawn_but_not_read(design: str) -> None:
    golden = (GOLDEN / f"certificate-{design}.txt").read_text("utf-8")

    assert "SPECIMEN" not in golden
    assert "样章" not in golden
    assert golden.count("国家广播电视总局广播影视人才交流中心") == 1
