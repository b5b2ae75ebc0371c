"""The schema checker's errors as findings, under the rule that they break.

Most are A03, "not valid against its schema". Where a rule of the catalogue says the
same of one element or attribute, the finding is that rule's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple

from lxml import etree

from shared.domain.findings import Level

from .findings import MessageFinding
from .message import Message
from .nodes import Node

_QUOTED: Final = re.compile(r"The value '([^']*)'|: '([^']*)' is not a valid value")
_ATTRIBUTE: Final = re.compile(r"attribute '([^']+)'")
_NAMESPACES: Final = re.compile(r"\{[^}]*\}")
_MOST_ERRORS: Final = 500

_ATTRIBUTE_RULES: Final = {
    "ReleaseProfileVersionId": "A05",
    "ReleaseProfileVariantVersionId": "A06",
}
# Element, then a word of libxml2's error type, then the rule.
_ELEMENT_RULES: Final = (
    (re.compile(r"^\w+Reference$"), "PATTERN", "I13"),
    (re.compile(r"^Duration$"), "DATATYPE", "S04"),
    (
        re.compile(r"^(?:TerritoryCode|ExcludedTerritoryCode)$"),
        "ELEMENT_CONTENT",
        "T01",
    ),
    (re.compile(r"^(?:TerritoryCode|ExcludedTerritoryCode)$"), "ENUMERATION", "T04"),
    (re.compile(r"^(?:TerritoryCode|ExcludedTerritoryCode)$"), "DATATYPE", "T04"),
)


class SchemaError(NamedTuple):
    node: Node | None
    finding: MessageFinding


def schema_errors(message: Message, schema: etree.XMLSchema) -> Iterator[SchemaError]:
    """Yield what *schema* finds wrong with *message*: nothing where it is valid.

    One value that is refused makes two errors of libxml2's; it is told once.
    """
    if schema.validate(message.root):
        return
    told: set[tuple[str, str]] = set()
    resolve = _resolver(message.root)
    for error in list(schema.error_log)[:_MOST_ERRORS]:
        path = error.path or ""
        node = resolve(path)
        rule_id = _rule_id(error, node)
        if (rule_id, path) in told:
            continue
        told.add((rule_id, path))
        yield SchemaError(node, _finding(error, node, rule_id))


def _resolver(root: Node) -> Callable[[str], Node | None]:
    @cache
    def resolve(path: str) -> Node | None:
        names = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
        try:
            found = root.getroottree().xpath(path, namespaces=names)
        except etree.XPathError:
            return None
        return found[0] if isinstance(found, list) and found else None

    return resolve


def _rule_id(error: etree._LogEntry, node: Node | None) -> str:
    attribute = _ATTRIBUTE.search(error.message)
    if attribute:
        return _ATTRIBUTE_RULES.get(attribute[1], "A03")
    if node is None:
        return "A03"
    if node.getparent() is None and "No matching global" in error.message:
        return "A02"
    for name, kind, rule_id in _ELEMENT_RULES:
        if kind in error.type_name and name.match(str(node.tag)):
            return rule_id
    return _structural_rule(error, node)


def _structural_rule(error: etree._LogEntry, node: Node) -> str:
    if error.type_name != "SCHEMAV_ELEMENT_CONTENT":
        return "A03"
    parent = node.getparent()
    if node.tag == "Release" and parent is not None and parent.tag == "ReleaseList":
        return "L01"
    if node.tag == "ReleaseList" and "Missing child" in error.message:
        return "L01"
    if node.tag == "ResourceId" and "ProprietaryId" in error.message:
        return "S02"
    if node.tag == "ISRC" and parent is not None and parent.tag == "ReleaseId":
        return "L04"
    return "A03"


def _finding(error: etree._LogEntry, node: Node | None, rule_id: str) -> MessageFinding:
    value = _QUOTED.search(error.message)
    return MessageFinding(
        code=f"ERN-{rule_id}",
        level=Level.ERROR if rule_id == "T04" else Level.FATAL,
        message=_NAMESPACES.sub("", error.message),
        fix="Write what the schema of this version allows here.",
        source="XSD",
        line=error.line,
        xpath="" if node is None else node.getroottree().getpath(node),
        value=next((group for group in value.groups() if group), "") if value else "",
        status="NewReleaseMessageInvalid",
    )
