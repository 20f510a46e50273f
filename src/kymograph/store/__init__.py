"""Bytes at rest: the only room that knows files."""
