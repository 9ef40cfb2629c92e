"""Files inside the file, read back by others."""

import io
from collections.abc import Callable

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed

from pdf import Attachment, CertificateContent, render_certificate

RECORD = Attachment("certificate.vc.json", "application/vc", '{"name":"林晓禾"}\r\n\0'.encode() * 100)
NOTE = Attachment("a.txt", "text/plain", b"")


def test_attachments_are_read_back_byte_for_byte(make_content: Callable[..., CertificateContent]) -> None:
    drawn = render_certificate(make_content(attachments=(RECORD, NOTE)))

    by_pdfium = pypdfium2.PdfDocument(drawn)
    listed = [by_pdfium.get_attachment(number) for number in range(by_pdfium.count_attachments())]
    assert {file.get_name(): bytes(file.get_data()) for file in listed if file.get_name() == RECORD.file_name} == {
        RECORD.file_name: RECORD.data
    }
    with pikepdf.open(io.BytesIO(drawn)) as opened:
        assert opened.check_pdf_syntax() == []
        assert list(opened.attachments) == ["a.txt", "certificate.vc.json"]
        file = opened.attachments[RECORD.file_name].get_file()
        assert (file.read_bytes(), file.mime_type, file.size) == (RECORD.data, RECORD.media_type, len(RECORD.data))


def test_they_belong_to_the_document_as_its_data(make_content: Callable[..., CertificateContent]) -> None:
    drawn = render_certificate(make_content(attachments=(RECORD,)))

    with pikepdf.open(io.BytesIO(drawn)) as opened:
        (file,) = opened.Root.AF
        assert (str(file.UF), str(file.AFRelationship)) == (RECORD.file_name, "/Data")
        assert opened.Root.Names.EmbeddedFiles.Names[1].objgen == file.objgen


def test_equal_attachments_give_equal_bytes_and_none_leave_no_trace(
    make_content: Callable[..., CertificateContent],
) -> None:
    first, again = (render_certificate(make_content(attachments=(RECORD, NOTE))) for _ in range(2))

    assert first == again
    assert b"/EmbeddedFiles" not in render_certificate(make_content())
