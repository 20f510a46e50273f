"""The same work through other trackers, each in its own virtual environment, side by side."""
