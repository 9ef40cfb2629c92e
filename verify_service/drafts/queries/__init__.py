"""SQL on drafts."""
