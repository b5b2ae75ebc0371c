"""Compiles the tables, or a user's own schema files, to libxml2's checker."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from shared.domain.errors import InvalidInputError, NotFoundError

from .particles import Attribute, Complex, Element, Group, Occurs, SchemaFacts, Simple
from .tables import editions, facts_of, is_carried

_NAMESPACE: Final = "http://www.w3.org/2001/XMLSchema"
_XS: Final = f"{{{_NAMESPACE}}}"
_VALUES: Final = "avs."


@cache
def schema_for(
    namespace: str, version: str, folder: Path | None = None
) -> etree.XMLSchema:
    """Return the checker of ERN *version*, compiled at the first call.

    Args:
        namespace: The target namespace, such as `http://ddex.net/xml/ern/43`.
        folder: Where the user's own licensed schema files are, at any depth; what is
            not there, or None, takes the tables. Nothing is fetched: an import by URL
            is answered from the folder.

    Raises:
        NotFoundError: Neither the tables nor *folder* have that schema.
        InvalidInputError: A file of *folder* is not a schema.
    """
    own = _from_files(namespace, folder) if folder else None
    if own is not None:
        return own
    if not is_carried(version):
        raise NotFoundError("no schema of this version", version=version)
    return etree.XMLSchema(tree_of(facts_of(version), namespace))


def _from_files(namespace: str, folder: Path) -> etree.XMLSchema | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    parser.resolvers.add(_Beside(folder))
    for path in sorted(folder.rglob("*.xsd")):
        try:
            tree = etree.parse(path, parser)
            if tree.getroot().get("targetNamespace") == namespace:
                return etree.XMLSchema(tree)
        except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as exc:
            raise InvalidInputError(
                "not a schema", file=str(path), reason=str(exc)
            ) from exc
    return None


class _Beside(etree.Resolver):
    """Answers an import by URL with the file of that name in the user's folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(
        self, system_url: str | None, public_id: str | None, context: Any
    ) -> Any:
        address = system_url or ""
        if Path(unquote(address.removeprefix("file://"))).is_file():
            return None
        name = address.rpartition("/")[2] or "*"
        found = next(iter(sorted(self._folder.rglob(name))), None)
        if found is None:
            return self.resolve_empty(context)
        return self.resolve_filename(str(found), context)


def tree_of(facts: SchemaFacts, namespace: str) -> etree._Element:
    """Return *facts* as an XML Schema of *namespace*, the allowed values within."""
    root = etree.Element(
        f"{_XS}schema",
        {"targetNamespace": namespace},
        nsmap={"xs": _NAMESPACE, "t": namespace},
    )
    for name, message in facts.messages.items():
        element = etree.SubElement(root, f"{_XS}element", name=name)
        _add_complex(element, message)
    for name, kind in facts.types.items():
        if isinstance(kind, Simple):
            _add_simple(root, kind).set("name", name)
        else:
            _add_complex(root, kind).set("name", name)
    values = editions()[facts.edition]
    for name in sorted(facts.value_sets()):
        simple = Simple("xs:string", values=values[name])
        _add_simple(root, simple).set("name", _VALUES + name)
    return root


def _add_complex(parent: etree._Element, kind: Complex) -> etree._Element:
    node = etree.SubElement(parent, f"{_XS}complexType")
    holder = node
    if kind.content is None:
        inner = etree.SubElement(node, f"{_XS}simpleContent")
        holder = etree.SubElement(inner, f"{_XS}extension", base=_name(kind.text))
    elif kind.content.parts:
        _add_group(node, kind.content)
    for attribute in kind.attributes:
        _add_attribute(holder, attribute)
    return node


def _add_group(parent: etree._Element, group: Group) -> None:
    tag = "choice" if group.is_choice else "sequence"
    node = etree.SubElement(parent, _XS + tag, _counts(group.occurs))
    for part in group.parts:
        if isinstance(part, Group):
            _add_group(node, part)
        else:
            _add_element(node, part)


def _add_element(parent: etree._Element, element: Element) -> None:
    counts = _counts(element.occurs)
    node = etree.SubElement(parent, f"{_XS}element", counts, name=element.name)
    _set_type(node, element.type)


def _add_attribute(parent: etree._Element, attribute: Attribute) -> None:
    node = etree.SubElement(parent, f"{_XS}attribute", name=attribute.name)
    if attribute.is_required:
        node.set("use", "required")
    _set_type(node, attribute.type)


def _set_type(node: etree._Element, simple: Simple) -> None:
    if simple.pattern or simple.values:
        _add_simple(node, simple)
    else:
        node.set("type", _name(simple.base))


def _add_simple(parent: etree._Element, simple: Simple) -> etree._Element:
    node = etree.SubElement(parent, f"{_XS}simpleType")
    inner = etree.SubElement(node, f"{_XS}restriction", base=_name(simple.base))
    if simple.pattern:
        etree.SubElement(inner, f"{_XS}pattern", value=simple.pattern)
    for value in simple.values:
        etree.SubElement(inner, f"{_XS}enumeration", value=value)
    return node


def _counts(occurs: Occurs) -> dict[str, str]:
    counts = {"minOccurs": "0"} if occurs.is_optional else {}
    return {**counts, "maxOccurs": "unbounded"} if occurs.is_many else counts


def _name(base: str) -> str:
    if base.startswith("avs:"):
        return f"t:{_VALUES}{base[4:]}"
    return base if base.startswith("xs:") else f"t:{base}"
