"""Webhooks: whoever watches a certificate is told, signed, when it is revoked or superseded."""
