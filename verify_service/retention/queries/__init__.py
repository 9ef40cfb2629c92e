"""SQL that finds and ends personal data."""
