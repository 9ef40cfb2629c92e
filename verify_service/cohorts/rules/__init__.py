"""Pure rules on classes: what one may be, and how far it has come."""
