"""Receipts of checks: one calm page that nobody takes for a certificate.

from pdf import ReceiptContent, render_receipt
"""

from pdf.receipt.composing import PlacedLine, printable, receipt_lines
from pdf.receipt.content import Fact, ReceiptContent, StatedRow, Tone, Words
from pdf.receipt.drawing import render_receipt

__all__ = [
    "Fact",
    "PlacedLine",
    "ReceiptContent",
    "StatedRow",
    "Tone",
    "Words",
    "printable",
    "receipt_lines",
    "render_receipt",
]
