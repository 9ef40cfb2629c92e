"""SQL of webhooks, one module for each database role that runs it."""
