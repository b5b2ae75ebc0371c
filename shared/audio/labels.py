"""What models' classes are called in the catalog: `hiphop` is shown as `Hip-Hop`.

`learning.class_of` is the way back.
"""

from __future__ import annotations

from typing import Final

_SHOWN: Final = {"hiphop": "Hip-Hop", "rnb": "R&B"}


def shown(name: str) -> str:
    """Return how people see the class *name*."""
    return _SHOWN.get(name, name.title())
