"""Sub-commands of `python -m shared.ddex`, one module each.

A module has `add(commands)`, which registers its parser and what runs it; that gets the
options and returns the exit code: 0 fine, 1 not all is well, 2 a file unreadable.
"""
