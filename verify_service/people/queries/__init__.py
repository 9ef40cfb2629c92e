"""SQL on everything that hangs on one person."""
