"""Pure rules on the calendar: counting by it, and reading the notices it is made of."""
