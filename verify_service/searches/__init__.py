"""One box of the staff's console: whatever is typed, what it may lead to."""
