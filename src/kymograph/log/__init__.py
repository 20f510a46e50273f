"""Writing, in the user's process; standard library only."""
