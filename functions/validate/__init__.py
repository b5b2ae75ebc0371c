"""Entries are checked against what partners require."""
