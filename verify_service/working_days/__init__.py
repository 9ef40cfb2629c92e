"""China's working days, by which a certificate is due."""
