"""Status lists: which certificates no longer stand, signed and published for verifiers of others."""
