"""The designs by code. A new kind of certificate is one more module of values here."""

from types import MappingProxyType
from typing import Final

from pdf.designs.model import Design, Palette
from pdf.designs.omnimedia_operator import OMNIMEDIA_OPERATOR
from pdf.designs.online_host import ONLINE_HOST

DESIGNS: Final = MappingProxyType({design.code: design for design in (OMNIMEDIA_OPERATOR, ONLINE_HOST)})

__all__ = ["DESIGNS", "Design", "Palette"]
