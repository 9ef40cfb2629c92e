"""The certificate service: rosters in, signed certificates out, and public answers about them."""
