"""XML of a small vocabulary: an element per row, in it one per value.

Elements are named as columns are. What has no value has no element. The items of a
list are `item` elements; a credit's parts are elements in its item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from shared.domain.claims import JsonValue

from .interface import Writer

# What XML 1.0 cannot hold (§2.2, production 2), not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"


class XmlWriter(Writer):
    def open(self) -> None:
        self.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{self._kind}s>\n')

    def row(self, values: Mapping[str, JsonValue]) -> None:
        parts = "".join(element(name, values[name]) for name in self._columns)
        self.write(f"<{self._kind}>{parts}</{self._kind}>\n")

    def close(self) -> None:
        self.write(f"</{self._kind}s>\n")


def element(name: str, value: JsonValue) -> str:
    """Return *value* as the element *name*; nothing where there is no value."""
    if value is None:
        return ""
    return f"<{name}>{_inside(value)}</{name}>"


def _inside(value: JsonValue) -> str:
    if isinstance(value, list):
        return "".join(element("item", item) for item in value)
    if isinstance(value, dict):
        return "".join(element(name, part) for name, part in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _NOT_XML.sub(_REPLACEMENT, str(value))
    # A bare carriage return would be read as a line feed (§2.11).
    return escape(text, {"\r": "&#13;"})
