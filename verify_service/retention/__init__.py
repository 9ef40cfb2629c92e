"""The end of personal data: by date, class by class, or all of one person's. Certificates and the trail stay."""
