"""Writes `google_schema.json` out of the npm package `@cdktf/provider-google`.

    npm pack @cdktf/provider-google@16.12.1 && tar xzf cdktf-provider-google-*.tgz
    python -m scripts.terraform_provider.extract package/lib infra/terraform

Only facts are kept (names, types, what is required, which values there are), and only
of the resources and data sources that the given Terraform files use. The package is
MPL-2.0 and describes version 6.50.0 of the provider.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .schema import (
    Attribute,
    Block,
    CtyType,
    Mode,
    NestedBlock,
    Nesting,
    ProviderSchema,
)
from .schema import save as save_schema

SOURCE = (
    "Facts (names, types, required, values) of hashicorp/google 6.50.0, out of npm "
    "@cdktf/provider-google 16.12.1 (MPL-2.0) by scripts/terraform_provider/extract.py"
)

_USED = re.compile(r'^\s*(resource|data)\s+"(google_\w+)"', re.MULTILINE)
_GENERATED_FOR = re.compile(
    r"terraformResourceType: '(\w+)',\s+terraformGeneratorMetadata: \{\s+"
    r"providerName: 'google',\s+providerVersion: '([\d.]+)'"
)
_CONFIGURED = re.compile(
    r"^\s+(\w+): \{\n\s+value: .*?,\n\s+isBlock: (true|false),\n\s+"
    r"type: \"(\w+)\",\n\s+storageClassType: \"([^\"]*)\",\n\s+\},",
    re.MULTILINE | re.DOTALL,
)
_COMPUTED = re.compile(
    r"// (\w+) - computed: true, optional: false, required: false\s+"
    r"(?:get \w+\(\) \{\s+return ([^;]+);|this\.\w+ = new ([\w.]+)\(this,)"
)
_FIELD = re.compile(
    r"(?:/\*\*((?:[^*]|\*(?!/))*)\*/\s+)?readonly (\w+)(\??): ([^;{]*)", re.DOTALL
)
_POSSIBLE = re.compile(r"Possible values: \[([^\]]*)\]")
_SIMPLE = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_GETTERS: tuple[tuple[str, CtyType], ...] = (
    ("Fn.tolist", ["set", "string"]),
    ("getNumberListAttribute", ["list", "number"]),
    ("getListAttribute", ["list", "string"]),
    ("getStringAttribute", "string"),
    ("getNumberAttribute", "number"),
    ("getBooleanAttribute", "bool"),
)
_MAPS = {
    "cdktf.StringMap": "string",
    "cdktf.NumberMap": "number",
    "cdktf.BooleanMap": "bool",
}


@dataclass(frozen=True, slots=True)
class _Field:
    required: bool
    type: str
    values: tuple[str, ...]


class Binding:
    """The generated code of one resource: `index.js` and `index.d.ts`."""

    def __init__(self, folder: Path) -> None:
        self._code = (folder / "index.js").read_text(encoding="utf-8")
        self._types = (folder / "index.d.ts").read_text(encoding="utf-8")

    @cached_property
    def generated_for(self) -> tuple[str, str] | None:
        """The resource's type and the provider's version."""
        found = _GENERATED_FOR.search(self._code)
        return (found[1], found[2]) if found else None

    def schema(self) -> Block:
        name = re.findall(
            r"class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider)",
            self._code,
        )[-1]
        start = self._code.rindex("synthesizeHclAttributes()")
        return self._block(f"{name}Config", name, self._text_from(start))

    def _block(self, interface: str, owner: str, synthesis: str) -> Block:
        fields = self._fields(interface)
        attributes: dict[str, Attribute] = {}
        blocks: dict[str, NestedBlock] = {}
        for name, is_block, kind, storage in _CONFIGURED.findall(synthesis):
            known = fields.get(_camel(name), _Field(required=False, type="", values=()))
            nested = self._nested(kind, storage, known) if is_block == "true" else None
            if nested:
                blocks[name] = nested
            else:
                mode: Mode = "required" if known.required else "optional"
                typ = _attribute_type(kind, storage)
                attributes[name] = Attribute(typ, mode, known.values)
        for name, typ in self._computed(owner):
            if name not in attributes and name not in blocks:
                attributes[name] = Attribute(typ, "computed")
        return Block(attributes, blocks)

    def _nested(self, kind: str, storage: str, known: _Field) -> NestedBlock | None:
        base = re.sub(r"(List|Set|Map)$", "", storage)
        function = f"function {base[:1].lower()}{base[1:]}ToHclTerraform(struct)"
        start = self._code.find(function)
        if start < 0:
            return None
        nestings: dict[str, Nesting] = {"set": "set", "struct": "single"}
        nesting = nestings.get(kind, "list")
        limited = nesting != "single" and "[]" not in known.type
        return NestedBlock(
            nesting=nesting,
            min_items=int(known.required),
            max_items=1 if limited else 0,
            block=self._block(base, f"{base}OutputReference", self._text_from(start)),
        )

    def _computed(self, owner: str) -> Iterator[tuple[str, CtyType]]:
        start = self._code.find(f"class {owner} extends")
        if start < 0:
            return
        for name, getter, made in _COMPUTED.findall(self._text_from(start)):
            yield name, self._getter_type(getter) if getter else self._made_type(made)

    def _getter_type(self, getter: str) -> CtyType:
        for call, typ in _GETTERS:
            if call in getter:
                return typ
        return "dynamic"

    def _made_type(self, made: str) -> CtyType:
        if made in _MAPS:
            return ["map", _MAPS[made]]
        element = f"{made.removesuffix('List')}OutputReference"
        members = dict(self._computed(element))
        return ["list", ["object", members]] if members else "dynamic"

    def _fields(self, interface: str) -> dict[str, _Field]:
        found = re.search(
            rf"export interface {interface}(?: extends [\w.]+)? \{{(.*?)^\}}",
            self._types,
            re.DOTALL | re.MULTILINE,
        )
        if not found:
            return {}
        return {
            name: _Field(not optional, typ, _values(comment))
            for comment, name, optional, typ in _FIELD.findall(found[1])
        }

    def _text_from(self, start: int) -> str:
        return self._code[start : self._code.index("\n}\n", start)]


def extract(library: Path, used: set[tuple[str, str]]) -> ProviderSchema:
    """Return the schema of what is *used*: pairs such as (`resource`, `google_…`).

    Raises:
        LookupError: *library* has no binding for something that is used.
    """
    found: dict[tuple[str, str], Block] = {}
    version = ""
    for folder in sorted(p.parent for p in library.glob("*/index.js")):
        binding = Binding(folder)
        if not binding.generated_for:
            continue
        kind = "data" if folder.name.startswith("data-") else "resource"
        name, version = binding.generated_for
        name = name.removeprefix("data_")
        if (kind, name) in used:
            found[kind, name] = binding.schema()
    if missing := used - found.keys():
        raise LookupError(missing)
    return ProviderSchema(
        version=version,
        provider=Binding(library / "provider").schema(),
        resources={name: b for (kind, name), b in found.items() if kind == "resource"},
        data_sources={name: b for (kind, name), b in found.items() if kind == "data"},
    )


def used_in(root: Path) -> set[tuple[str, str]]:
    """Return the kind and type of every Google resource and data source in *root*."""
    return {
        (kind, name)
        for path in root.rglob("*.tf")
        for kind, name in _USED.findall(path.read_text(encoding="utf-8"))
    }


def _attribute_type(kind: str, storage: str) -> CtyType:
    if kind == "simple":
        return _SIMPLE.get(storage, "dynamic")
    element = re.fullmatch(r"(string|number|boolean)(?:List|Map|Set)?", storage)
    return [kind, _SIMPLE[element[1]]] if element else "dynamic"


def _values(comment: str) -> tuple[str, ...]:
    found = _POSSIBLE.search(comment)
    return tuple(re.findall(r'"([^"]+)"', found[1])) if found else ()


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write google_schema.json.")
    parser.add_argument("library", type=Path, help="lib/ of the unpacked npm package")
    parser.add_argument("terraform", type=Path, help="folder of the Terraform root")
    arguments = parser.parse_args()

    schema = extract(arguments.library, used_in(arguments.terraform))

    save_schema(schema, SOURCE)
    print(
        f"google {schema.version}: {len(schema.resources)} resources, "
        f"{len(schema.data_sources)} data sources"
    )


if __name__ == "__main__":
    main()
