"""HTTP over query: JSON for things, binary columns for points, events for what changes."""
