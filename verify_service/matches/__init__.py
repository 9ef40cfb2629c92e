"""Whether what a visitor reads or hears agrees with one certificate: match or mismatch, and never the stored value."""
