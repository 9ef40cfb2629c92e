"""Use cases on deliveries: packing them, moving them along, and reading them."""
