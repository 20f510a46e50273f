"""The figures: what it costs to log, keep, read and show; printed as figure / goal, never asserted."""
