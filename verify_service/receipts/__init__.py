"""Receipts: a signed page for the files of whoever has checked a certificate."""
