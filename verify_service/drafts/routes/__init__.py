"""Pages of the clinics: rosters for staff and partners, results for staff."""
