"""People: what a name, an identity document's number and a phone number must look like, and how they compare."""
