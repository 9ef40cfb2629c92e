"""What files are called and hold, and whether a drawn one may leave."""
