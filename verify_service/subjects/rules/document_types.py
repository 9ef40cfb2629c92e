"""Column 证件类型: a person chooses the document, never its number alone: 8 digits are a permit or a typo."""

from typing import Final

from verify_service.errors import FieldError
from verify_service.subjects.model import DocumentType
from verify_service.subjects.rules.folding import fold_word

_TYPES: Final = {
    "居民身份证": DocumentType.RESIDENT,
    "身份证": DocumentType.RESIDENT,
    "中华人民共和国居民身份证": DocumentType.RESIDENT,
    "港澳台居民居住证": DocumentType.HMT_RESIDENCE,
    "港澳居民居住证": DocumentType.HMT_RESIDENCE,
    "台湾居民居住证": DocumentType.HMT_RESIDENCE,
    # The card of 2017 bears the same name; `parse_id_number` tells the two apart by their numbers.
    "外国人永久居留身份证": DocumentType.FOREIGN_PR,
    "中华人民共和国外国人永久居留身份证": DocumentType.FOREIGN_PR,
    "外国人永久居留证": DocumentType.FOREIGN_PR,
    "港澳居民来往内地通行证": DocumentType.HM_PERMIT,
    "回乡证": DocumentType.HM_PERMIT,
    "台湾居民来往大陆通行证": DocumentType.TW_PERMIT,
    "台胞证": DocumentType.TW_PERMIT,
    "护照": DocumentType.PASSPORT_CN,
    "中国护照": DocumentType.PASSPORT_CN,
    "中华人民共和国护照": DocumentType.PASSPORT_CN,
}
TITLES: Final = {
    named: next(title for title, document_type in _TYPES.items() if document_type is named)
    for named in dict.fromkeys(_TYPES.values())
}
"""The official title of each document that column 证件类型 can name."""


def parse_document_type(text: str) -> DocumentType:
    """Return the document named in Chinese. Raises FieldError EMPTY, or PATTERN for any other name."""
    word = fold_word(text)
    if not word:
        raise FieldError("EMPTY")
    document_type = _TYPES.get(word)
    if document_type is None:
        raise FieldError("PATTERN")
    return document_type
