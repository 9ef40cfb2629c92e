"""What a roster has to hold; nothing here knows the register."""
