"""One person's page: everything that ever happened, and the end of what is kept."""
