"""The signature inside a PDF: whether it is ours, and whether the file is still the one it was made for.

Only the one form in which we sign is read: a single revision, covered from its first byte to its last but for the
signature's own place. Whatever else a PDF may do with signatures, and has been attacked by, is not ours.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any, Final

# Without `tsp`, `cms` does not know the attribute that names the certificate.
from asn1crypto import cms, tsp  # type: ignore[import-untyped]  # asn1crypto ships no types

from signing import DocumentKey, SigningError
from verify_service.verification.model import Artefact, Check, Issuer, PdfSignature

BYTE_RANGE: Final = re.compile(rb"/ByteRange ?\[ ?0 +([0-9]{1,9}) +([0-9]{1,9}) +([0-9]{1,9}) *\]")
CONTENTS: Final = re.compile(rb"<([0-9a-f]*)>")
NAMED: Final = tsp.SigningCertificateV2
NOT_OURS: Final = PdfSignature(is_ours_in_form=False)


def read_signature(data: bytes) -> PdfSignature:
    """Return the signature of a PDF that has some; of another form than ours, only that it is."""
    ranges = BYTE_RANGE.findall(data)
    if len(ranges) != 1:
        return NOT_OURS
    start, end, rest = map(int, ranges[0])
    contents = CONTENTS.fullmatch(data[start:end])
    if contents is None:
        return NOT_OURS
    try:
        der = bytes.fromhex(contents[1].decode("ascii"))
        info = _signer_info(der)
        attributes = info["signed_attrs"]
        digests = [bytes(one["values"][0].native) for one in attributes if one["type"].native == "message_digest"]
        signature = bytes(info["signature"].native)
        signed = bytes(attributes.untag().dump())
        is_exact = _is_exact(der)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        # asn1crypto raises what it stumbles on.
        return NOT_OURS
    digest = hashlib.sha256(data[:start] + data[end : end + rest]).digest()
    return PdfSignature(
        is_ours_in_form=True,
        is_intact=digests == [digest] and end + rest == len(data),
        signed=signed,
        signature=signature,
        is_exact=is_exact,
    )


def check_signature(artefact: Artefact, issuer: Issuer) -> Check:
    """Return what a PDF's own signature says of the file; what the certificate says is not its business."""
    if artefact.page is None:
        return Check("pdfSignature", "skipped", "NOT_A_PDF")
    found = artefact.pdf_signature
    if found is None:
        return Check("pdfSignature", "skipped", "NO_PDF_SIGNATURE")
    if signing_key(issuer.document_keys, found) is None:
        return Check("pdfSignature", "skipped", "PDF_SIGNED_BY_OTHERS")
    if not found.is_intact:
        return Check("pdfSignature", "fail", "PDF_ALTERED")
    return Check("pdfSignature", "pass", "PDF_SIGNED_BY_ISSUER")


def signing_key(keys: Iterable[DocumentKey], found: PdfSignature | None) -> DocumentKey | None:
    """Return the key whose signature this is, whatever became of the file since; None where it is none of theirs."""
    if found is None:
        return None
    return next((key for key in keys if _is_by(key, found)), None)


def _is_by(key: DocumentKey, found: PdfSignature) -> bool:
    try:
        key.verify(found.signature, found.signed)
    except SigningError:
        return False
    return found.is_ours_in_form


def _is_exact(der: bytes) -> bool:
    """Return whether a CMS structure, written anew from what was signed, is the same bytes.

    Nothing in it but the signed attributes is covered by the signature, and they name the certificate by its hash.
    """
    signed_data = cms.ContentInfo.load(der)["content"]
    info, certificates = signed_data["signer_infos"][0], signed_data["certificates"]
    (named,) = (one["values"][0] for one in info["signed_attrs"] if isinstance(one["values"][0], NAMED))
    digest = named["certs"][0]["cert_hash"].native
    own = next((one.chosen for one in certificates if hashlib.sha256(one.chosen.dump()).digest() == digest), None)
    if own is None:
        return False
    is_self_issued = own.issuer.dump() == own.subject.dump()
    if is_self_issued and any(one.chosen.dump() != own.dump() for one in certificates):
        return False
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": info["signed_attrs"],
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": info["signature"],
    }
    content = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": certificates,
        "signer_infos": [signer],
    }
    written = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump()
    return bool(der.startswith(written)) and not any(der[len(written) :])


def _signer_info(der: bytes) -> Any:  # noqa: ANN401  # asn1crypto is untyped
    """Return the one signer of a CMS structure (RFC 5652 §5); zeros up to the end of its place may follow."""
    signed_data = cms.ContentInfo.load(der)["content"]
    (info,) = signed_data["signer_infos"]
    return info
