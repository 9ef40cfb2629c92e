"""SQL on audit_event, read, and on audit_head."""
