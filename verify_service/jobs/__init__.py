"""Long work that an approved proposal sets going: done in the background, batch by batch, by a process of its own."""
