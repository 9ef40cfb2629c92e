"""The registrar's desk (教务): pages on classes, codes, the calendar and partners, from the domains that keep them."""
