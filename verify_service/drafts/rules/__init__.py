"""What a draft's changes make of its table, whose photo is which, and how findings are put right. Pure."""
