"""SQL on lookup_day: the public process adds, the consoles read."""
