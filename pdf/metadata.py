"""What programs read of a file without opening its page: XMP (ISO 16684-1), as ISO 32000-2, 14.3.2 places it."""

import datetime
from typing import Final
from xml.sax.saxutils import escape

import msgspec
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream, PDFString

from pdf.document import CertificateDocument, Gap
from pdf.objects import reference

_PRODUCER: Final = "verify-service"
_PACKET: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li><rdf:li xml:lang="zh-CN">{title}</rdf:li>\
<rdf:li xml:lang="en">{title_english}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{issuer}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{number}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{day}T00:00:00+08:00</xmp:CreateDate>
<xmp:ModifyDate>{day}T00:00:00+08:00</xmp:ModifyDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


class Description(msgspec.Struct, frozen=True):
    """What is said of a file as a whole."""

    title: str
    title_english: str
    issuer: str
    number: str
    day: datetime.date
    """In Asia/Shanghai."""


def describe(doc: CertificateDocument, description: Description) -> None:
    """Say the same in XMP and in the information dictionary; of the person, nothing.

    The packet is not compressed: programs that know nothing of PDF look for it in the bytes.
    """
    packet = _PACKET.format(
        title=escape(description.title),
        title_english=escape(description.title_english),
        issuer=escape(description.issuer),
        number=escape(description.number),
        day=description.day.isoformat(),
        producer=_PRODUCER,
    )
    entries = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
    doc.catalog["Metadata"] = reference(doc, PDFStream(PDFDictionary(entries), packet.encode()))
    doc.fill(Gap.INFO, PDFDictionary(_information(description)))


def _information(description: Description) -> dict[str, PDFString]:
    day = description.day.strftime("D:%Y%m%d000000+08'00'")
    entries = {
        "Title": description.title,
        "Author": description.issuer,
        "Subject": description.number,
        "Creator": _PRODUCER,
        "Producer": _PRODUCER,
        "CreationDate": day,
        "ModDate": day,
    }
    return {key: PDFString(value) for key, value in entries.items()}
