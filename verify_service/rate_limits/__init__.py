"""The edge limits: how often one network may ask about people. Budgets per person asked about are in `budgets`."""
