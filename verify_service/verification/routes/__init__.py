"""The page behind a QR code, and the checking of whatever is handed in: see `token_page` and `uploads`."""
