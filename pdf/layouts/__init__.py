"""The layouts by orientation. Every certificate can be drawn on each."""

from types import MappingProxyType
from typing import Final

from pdf.layouts.landscape import LANDSCAPE
from pdf.layouts.model import Area, Field, Layout, Orientation, Slot
from pdf.layouts.portrait import PORTRAIT

LAYOUTS: Final = MappingProxyType({layout.orientation: layout for layout in (LANDSCAPE, PORTRAIT)})

__all__ = ["LANDSCAPE", "LAYOUTS", "PORTRAIT", "Area", "Field", "Layout", "Orientation", "Slot"]
