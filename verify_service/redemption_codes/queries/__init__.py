"""SQL on redemption codes: the codes themselves, and how they stand for who looks after them."""
