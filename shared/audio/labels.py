"""What models' classes are called in the catalog: `hiphop` is shown as `Hip-Hop`."""

from __future__ import annotations

import re
from typing import Final

_SHOWN: Final = {"hiphop": "Hip-Hop", "rnb": "R&B"}
_CLASSES: Final = {"r&b": "rnb"}


def shown(name: str) -> str:
    """Return how people see the class *name*."""
    return _SHOWN.get(name, name.title())


def class_of(text: str) -> str:
    """Return the class that people mean by *text*: `Hip Hop` is `hiphop`.

    Of what `shown` wrote, it is the class that was shown.
    """
    lower = text.strip().lower()
    return _CLASSES.get(lower) or re.sub(r"[^a-z0-9]", "", lower)
