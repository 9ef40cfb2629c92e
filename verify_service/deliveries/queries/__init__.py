"""SQL on deliveries: what may be packed, what happened, and what became of it."""
