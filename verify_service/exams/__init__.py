"""Exams: who sat when, with which conclusion, and who has thereby earned a certificate."""
