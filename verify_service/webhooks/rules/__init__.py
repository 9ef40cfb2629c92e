"""What may be decided about webhooks without database, network or clock."""
