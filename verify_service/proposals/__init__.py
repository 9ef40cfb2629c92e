"""What one account asks for and another decides: issuing, revoking, correcting."""
