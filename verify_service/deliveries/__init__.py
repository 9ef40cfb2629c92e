"""Paper certificates handed to partners: what is packed together, sent, received, and what comes back."""
