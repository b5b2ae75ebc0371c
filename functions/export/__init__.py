"""Entries are written to files."""
