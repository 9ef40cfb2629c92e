"""The public pages: what the service knows, as a frozen view, becomes HTML that needs no script."""
