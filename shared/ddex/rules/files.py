"""Rules S about files: where they lie, and what proves them whole."""

from __future__ import annotations

import re
from typing import Final

from shared.ddex.catalog_facts import Delivery
from shared.ddex.message import Message
from shared.ddex.nodes import Node, resource_of, text_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

# Hexadecimal digits of a hash sum.
_HEXADECIMAL: Final = re.compile("[0-9a-fA-F]+")
_HASH_LENGTHS: Final = {
    "MD5": 32,
    "SHA1": 40,
    "SHA-224": 56,
    "SHA-256": 64,
    "SHA-384": 96,
    "SHA-512": 128,
    "CRC32": 8,
    "RMD160": 40,
}


@rule(
    "S22",
    Level.ERROR,
    source="AVS HashSumAlgorithmType; ErncFileStatus",
    says="the hash sum is not one of its algorithm, or not that of the file",
    fix="Write the hash sum in hexadecimal, as the algorithm gives it of the file.",
    status="SignatureOrHashSumWrongOrMissing",
)
def hash_sum_fits(message: Message) -> Faults:
    if message.delivery is None and _all_fit(message):
        return
    algorithms = message.text_in("Algorithm")
    values = message.text_in("HashSumValue")
    for node in message.all("HashSum"):
        value, algorithm = values.get(node, ""), algorithms.get(node, "")
        length = _HASH_LENGTHS.get(algorithm)
        if length and (len(value) != length or not _HEXADECIMAL.fullmatch(value)):
            yield Fault(node, value, algorithm)
        elif message.delivery and not _is_of_file(message.delivery, node, value):
            yield Fault(node, value, f"{algorithm} of another file")


def _all_fit(message: Message) -> bool:
    """Tell whether all hash sums are of one algorithm, as mostly, and of its form."""
    algorithms = set(message.texts("Algorithm"))
    length = _HASH_LENGTHS.get(algorithms.pop()) if len(algorithms) == 1 else None
    return message.count("HashSum") == message.count("HashSumValue") and all(
        len(value) == length and _HEXADECIMAL.fullmatch(value)
        for value in message.texts("HashSumValue")
    )


def _is_of_file(delivery: Delivery, node: Node, value: str) -> bool:
    file = node.getparent()
    delivered = None if file is None else delivery.get(text_of(file, "URI"))
    hash_sums = {} if delivered is None else delivered.hash_sums
    known = hash_sums.get(text_of(node, "Algorithm"))
    return known is None or known.casefold() == value.casefold()


@rule(
    "S21",
    Level.ERROR,
    source="Schematron 2.1, 1032; ErncFileStatus",
    says="the file is not in the delivery",
    fix="Deliver the file, or leave TechnicalDetails out.",
    status="ResourceMissing",
)
def files_delivered(message: Message) -> Faults:
    if message.delivery is None:
        return
    for value, node in message.texts_and_nodes("URI"):
        if value not in message.delivery:
            yield Fault(node, value)


@rule(
    "S23",
    Level.ERROR,
    source="DDEX Knowledge Base; security",
    says="a file's address is relative, with forward slashes, without .., and its own",
    fix="Write where the file lies below the message: resources/name.wav.",
    status="ResourceMissing",
)
def files_relative(message: Message) -> Faults:
    first: dict[str, Node] = {}
    for value, node in message.texts_and_nodes("URI"):
        other = first.setdefault(value, node)
        is_shared = other is not node and resource_of(other) is not resource_of(node)
        parts = value.split("/")
        if "\\" in value or ".." in parts or value.startswith("/") or is_shared:
            yield Fault(node, value)
