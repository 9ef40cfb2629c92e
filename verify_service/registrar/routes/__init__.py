"""`/staff/…`: classes, redemption codes, the calendar, partners."""
