"""Files inside the file: embedded streams that readers list and programs find (ISO 32000-2, 7.11.4 and 14.13)."""

from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString

from pdf.content import Attachment
from pdf.document import CertificateDocument
from pdf.objects import deflated_stream, reference


def attach(doc: CertificateDocument, attachments: Sequence[Attachment]) -> None:
    """Embed the files under their names, associated with the document as a whole as its data."""
    if not attachments:
        return
    listed = sorted(attachments, key=lambda attachment: attachment.file_name)  # a name tree must be in order
    files = [_file(doc, attachment) for attachment in listed]
    names = [part for attachment, file in zip(listed, files, strict=True) for part in (_text(attachment), file)]
    listing = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(names)})})
    doc.catalog.update(Names=listing, AF=PDFArray(files))


def _file(doc: CertificateDocument, attachment: Attachment) -> PDFObjectReference:
    entries = {
        "Type": PDFName("EmbeddedFile"),
        # Ready-made: reportlab's PDFName leaves a slash as it is, which begins the next name.
        "Subtype": "/" + attachment.media_type.replace("/", "#2F"),
        "Params": PDFDictionary({"Size": len(attachment.data)}),
    }
    stream = reference(doc, deflated_stream(attachment.data, entries))
    specification = {
        "Type": PDFName("Filespec"),
        "F": _text(attachment),
        "UF": _text(attachment),
        "AFRelationship": PDFName("Data"),
        "EF": PDFDictionary({"F": stream, "UF": stream}),
    }
    return reference(doc, PDFDictionary(specification))


def _text(attachment: Attachment) -> PDFString:
    return PDFString(attachment.file_name)
