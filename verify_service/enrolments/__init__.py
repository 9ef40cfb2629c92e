"""People in classes: cohorts, enrolments with their photo and redemption code, and what each sits for."""
