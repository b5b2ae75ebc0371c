"""What the stand-in does with values: leave them open, stand in for them, check them.

Values travel as MessagePack; an unknown one is extension 0, as cty writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgpack  # type: ignore[import-untyped]

from .schema import Attribute, Block, CtyType, filled_by_provider, write_only

UNKNOWN = msgpack.ExtType(0, b"\0")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that the real provider would refuse, and where it stands."""

    path: Path
    value: str
    values: tuple[str, ...]


def decoded(content: bytes) -> Any:
    return msgpack.unpackb(content, ext_hook=_extension, strict_map_key=False)


def encoded(value: Any) -> bytes:
    packed: bytes = msgpack.packb(value)
    return packed


def planned(block: Block, value: Any) -> Any:
    """Return *value* with all that only an apply can tell left unknown."""
    return _walked(block, value, _planned_attribute)


def read(block: Block, value: Any) -> Any:
    """Return *value* with made-up content where the real thing would be read."""
    return _walked(block, value, _read_attribute)


def problems(block: Block, value: Any, path: Path = ()) -> Iterator[Problem]:
    """Yield every known value that is none of those its attribute may have."""
    if not isinstance(value, Mapping):
        return
    for name, attribute in block.attributes.items():
        given: Any = value.get(name)
        if _refused(attribute, given):
            yield Problem((*path, name), given, attribute.values)
    for name, nested in block.blocks.items():
        for step, item in _items(value.get(name)):
            yield from problems(nested.block, item, (*path, name, *step))


def _refused(attribute: Attribute, given: Any) -> bool:
    known = isinstance(given, str)
    return known and bool(attribute.values) and given not in attribute.values


def _items(content: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(content, list):
        yield from (((index,), item) for index, item in enumerate(content))
    else:
        yield (), content


def _walked(block: Block, value: Any, change: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    result = dict(value)
    for name, attribute in block.attributes.items():
        result[name] = change(name, attribute, result.get(name))
    for name, nested in block.blocks.items():
        content = result.get(name)
        if isinstance(content, list):
            result[name] = [_walked(nested.block, item, change) for item in content]
        else:
            result[name] = _walked(nested.block, content, change)
    return result


def _planned_attribute(name: str, attribute: Attribute, value: Any) -> Any:
    if write_only(name):
        return None
    if value is None and filled_by_provider(name, attribute):
        return UNKNOWN
    return value


def _read_attribute(name: str, attribute: Attribute, value: Any) -> Any:
    if value is None and filled_by_provider(name, attribute):
        return _made_up(name, attribute.type)
    return value


def _made_up(name: str, typ: CtyType) -> Any:
    if typ == "string":
        return f"offline-{name.replace('_', '-')}"
    if typ == "number":
        return 0
    if typ == "bool":
        return False
    return {} if isinstance(typ, list) and typ[0] == "map" else []


def _extension(code: int, data: bytes) -> Any:
    # Refinements of an unknown value (code 12) say nothing that is needed here.
    return UNKNOWN if code in {0, 12} else msgpack.ExtType(code, data)
