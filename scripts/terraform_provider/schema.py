"""What a Terraform provider's resources are made of, as facts kept in a JSON file.

`google_schema.json` beside this module is written by `extract.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

CtyType = str | list[Any]
"""A type as Terraform's protocol writes it in JSON: `"string"`, `["map", "bool"]`."""

Mode = Literal["required", "optional", "computed"]
Nesting = Literal["single", "list", "set"]

GOOGLE_SCHEMA = Path(__file__).with_name("google_schema.json")


@dataclass(frozen=True, slots=True)
class Attribute:
    type: CtyType
    mode: Mode
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: Mapping[str, NestedBlock] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """A block inside a block; *max_items* 0 means that there is no limit."""

    nesting: Nesting
    min_items: int
    max_items: int
    block: Block


@dataclass(frozen=True, slots=True)
class ProviderSchema:
    version: str
    provider: Block
    resources: Mapping[str, Block]
    data_sources: Mapping[str, Block]


def filled_by_provider(name: str, attribute: Attribute) -> bool:
    """Whether the provider knows the value where the configuration is silent."""
    return attribute.mode == "computed" or (
        name == "id" and attribute.mode == "optional"
    )


def write_only(name: str) -> bool:
    """Whether the value goes to the provider and is never kept (by its naming)."""
    return name.endswith("_wo")


def load(path: Path = GOOGLE_SCHEMA) -> ProviderSchema:
    stored = json.loads(path.read_text(encoding="utf-8"))
    return ProviderSchema(
        version=stored["provider_version"],
        provider=_block(stored["provider"]),
        resources={n: _block(b) for n, b in stored["resources"].items()},
        data_sources={n: _block(b) for n, b in stored["data_sources"].items()},
    )


def save(schema: ProviderSchema, source: str, path: Path = GOOGLE_SCHEMA) -> None:
    """Write *schema* with one line per resource, so that a diff can be read."""
    lines = [
        f'{{"source": {json.dumps(source)},',
        f'"provider_version": {json.dumps(schema.version)},',
        f'"provider": {_dumps(schema.provider)},',
        f'"resources": {{\n{_entries(schema.resources)}\n}},',
        f'"data_sources": {{\n{_entries(schema.data_sources)}\n}}}}',
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _entries(blocks: Mapping[str, Block]) -> str:
    return ",\n".join(
        f"{json.dumps(name)}: {_dumps(block)}" for name, block in sorted(blocks.items())
    )


def _dumps(block: Block) -> str:
    return json.dumps(_stored(block), sort_keys=True)


def _stored(block: Block) -> dict[str, Any]:
    return {
        "attributes": {
            name: {"type": a.type, "mode": a.mode}
            | ({"values": list(a.values)} if a.values else {})
            for name, a in block.attributes.items()
        },
        "blocks": {
            name: {
                "nesting": nested.nesting,
                "min_items": nested.min_items,
                "max_items": nested.max_items,
                "block": _stored(nested.block),
            }
            for name, nested in block.blocks.items()
        },
    }


def _block(stored: Mapping[str, Any]) -> Block:
    return Block(
        attributes={
            name: Attribute(
                type=a["type"],
                mode=cast("Mode", a["mode"]),
                values=tuple(a.get("values", ())),
            )
            for name, a in stored["attributes"].items()
        },
        blocks={
            name: NestedBlock(
                nesting=cast("Nesting", nested["nesting"]),
                min_items=nested["min_items"],
                max_items=nested["max_items"],
                block=_block(nested["block"]),
            )
            for name, nested in stored["blocks"].items()
        },
    )
