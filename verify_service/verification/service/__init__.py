"""The page behind a QR code, and the checking of artefacts: see `token_page` and `verifying`."""
