"""Checking one artefact: the page a QR code leads to, and the record itself."""
