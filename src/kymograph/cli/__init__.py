"""The command line, over the front door, the store and the server."""
