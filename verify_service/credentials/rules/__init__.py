"""Pure rules of issuing."""
