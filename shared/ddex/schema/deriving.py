"""Derives the tables from schema files that the user is licensed to have.

    python -m shared.ddex.schema DIR [TARGET]

DIR is searched for `release-notification.xsd` of the versions that are carried, each
beside its allowed values; the tables are written to TARGET, or beside this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from shared.domain.errors import InvalidInputError

from . import allowed_values, notation
from .particles import (
    Attribute,
    Complex,
    Element,
    Group,
    Occurs,
    SchemaFacts,
    Simple,
)
from .tables import CARRIED, HERE, VALUES_FILE, table_file

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_MAIN: Final = "release-notification.xsd"
_REMARK: Final = (
    "# Facts about {subject}, derived by shared/ddex/schema/deriving.py from the\n"
    "# schema files of DDEX (ddex.net), whose text is not part of this.\n"
)


@dataclass(frozen=True, slots=True)
class Derived:
    """One version's facts, and the sets of allowed values beside them."""

    version: str
    facts: SchemaFacts
    values: allowed_values.ValueSets


def derive(folder: Path, target: Path = HERE) -> list[Path]:
    """Write the tables of all schemas under *folder* to *target*; return the files.

    Raises:
        InvalidInputError: There is no schema of a carried version, or one holds a
            construct that the notation has no words for.
    """
    found = [
        derived(path)
        for path in sorted(folder.rglob(_MAIN))
        if _version(path) in CARRIED
    ]
    if not found:
        raise InvalidInputError("no schema of a known version", folder=str(folder))
    used = set().union(*(each.facts.value_sets() for each in found))
    editions = {
        each.facts.edition: {k: v for k, v in each.values.items() if k in used}
        for each in sorted(found, key=lambda each: each.facts.edition)
    }
    files = [target / VALUES_FILE]
    remark = _REMARK.format(subject="the allowed values of ERN")
    files[0].write_text(remark + allowed_values.written(editions), encoding="utf-8")
    newest = {each.version: each for each in sorted(found, key=_edition_order)}
    for version, each in newest.items():
        files.append(target / table_file(version))
        remark = _REMARK.format(subject=f"ERN {version}")
        files[-1].write_text(remark + notation.written(each.facts), encoding="utf-8")
    return files


def _edition_order(each: Derived) -> tuple[int, str]:
    return len(each.facts.edition), each.facts.edition


def _version(path: Path) -> str:
    namespace = etree.parse(path).getroot().get("targetNamespace", "")
    return ".".join(namespace.rpartition("/")[2])


def derived(path: Path) -> Derived:
    """Return what the schema at *path* and the values that it imports say."""
    root = etree.parse(path).getroot()
    version = _version(path)
    imported = root.find(f"{_XS}import")
    location = "" if imported is None else imported.get("schemaLocation", "")
    values_root = etree.parse(path.with_name(location.rpartition("/")[2])).getroot()
    edition = values_root.findtext(
        f"{_XS}annotation/{_XS}documentation[@source='AvsVersionId']"
    )
    facts = SchemaFacts(edition=f"avs{edition}" if edition else version)
    for child in root.iterchildren(f"{_XS}element"):
        (inner,) = child.iterchildren(f"{_XS}complexType")
        facts.messages[child.get("name", "")] = _complex(inner)
    for child in root.iterchildren(f"{_XS}complexType"):
        facts.types[child.get("name", "")] = _complex(child)
    for child in root.iterchildren(f"{_XS}simpleType"):
        facts.types[child.get("name", "")] = _simple(child)
    return Derived(version, facts, _value_sets(values_root))


def _complex(node: etree._Element) -> Complex:
    text = ""
    content: Group | None = None
    holder = node
    for child in _parts(node):
        if child.tag == f"{_XS}simpleContent":
            holder = next(iter(_parts(child)))
            text = _base(holder.get("base", ""))
        elif child.tag == f"{_XS}sequence" and _occurs(child) is Occurs.ONCE:
            content = _group(child)
        elif child.tag in {f"{_XS}choice", f"{_XS}sequence"}:
            content = Group(False, Occurs.ONCE, (_group(child),))
    attributes = tuple(map(_attribute, holder.iterchildren(f"{_XS}attribute")))
    if content is None and not text:
        content = Group(False, Occurs.ONCE, ())
    return Complex(content, text, attributes)


def _parts(node: etree._Element) -> Iterator[etree._Element]:
    return node.iterchildren(
        f"{_XS}sequence", f"{_XS}choice", f"{_XS}simpleContent", f"{_XS}extension"
    )


def _group(node: etree._Element) -> Group:
    parts: list[Element | Group] = []
    for child in node.iterchildren("*"):
        if child.tag == f"{_XS}element":
            parts.append(Element(child.get("name", ""), _occurs(child), _type(child)))
        elif child.tag in {f"{_XS}sequence", f"{_XS}choice"}:
            parts.append(_group(child))
        elif child.tag != f"{_XS}annotation":
            raise InvalidInputError("no word for a construct", construct=str(child.tag))
    return Group(node.tag == f"{_XS}choice", _occurs(node), tuple(parts))


def _occurs(node: etree._Element) -> Occurs:
    return Occurs.between(node.get("minOccurs"), node.get("maxOccurs"))


def _attribute(node: etree._Element) -> Attribute:
    return Attribute(node.get("name", ""), node.get("use") == "required", _type(node))


def _type(node: etree._Element) -> Simple:
    inner = node.find(f"{_XS}simpleType")
    if inner is not None:
        return _simple(inner)
    return Simple(_base(node.get("type", "xs:anySimpleType")))


def _simple(node: etree._Element) -> Simple:
    (restriction,) = node.iterchildren(f"{_XS}restriction")
    patterns = [each.get("value", "") for each in restriction.iterfind(f"{_XS}pattern")]
    values = restriction.iterfind(f"{_XS}enumeration")
    return Simple(
        _base(restriction.get("base", "")),
        "|".join(patterns),
        tuple(each.get("value", "") for each in values),
    )


def _base(name: str) -> str:
    return name.removeprefix("ern:")


def _value_sets(root: etree._Element) -> allowed_values.ValueSets:
    nodes = {node.get("name", ""): node for node in root.iterfind(f"{_XS}simpleType")}

    def values_of(name: str) -> list[str]:
        node = nodes[name]
        union = node.find(f"{_XS}union")
        if union is None:
            found = node.iterfind(f"{_XS}restriction/{_XS}enumeration")
            return [each.get("value", "") for each in found]
        members = union.get("memberTypes", "").split()
        return [value for member in members for value in values_of(member[4:])]

    return {name: tuple(dict.fromkeys(values_of(name))) for name in nodes}
