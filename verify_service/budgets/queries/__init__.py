"""SQL on budget, canary, lookup_alarm and lookup_breaker."""
