"""The trail as a whole: read, checked against its hashes and signed heads, exported. It is written by `audit`."""
