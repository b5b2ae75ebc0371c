"""Rules S about files: where they lie, and what proves them whole."""

from __future__ import annotations

import re
from typing import Final

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
    says="the hash sum is not one of its algorithm",
    fix="Write the hash sum in hexadecimal, as the algorithm gives it.",
    status="SignatureOrHashSumWrongOrMissing",
)
def hash_sum_fits(message: Message) -> Faults:
    for node in message.all("HashSum"):
        value = text_of(node, "HashSumValue")
        length = _HASH_LENGTHS.get(text_of(node, "Algorithm"))
        if length and (len(value) != length or not _HEXADECIMAL.fullmatch(value)):
            yield Fault(node, value, text_of(node, "Algorithm"))


@rule(
    "S23",
    Level.ERROR,
    source="DDEX Knowledge Base; security",
    says="a file's address is relative, with forward slashes, without .., and its own",
    fix="Write where the file lies below the message: resources/name.wav.",
    status="ResourceMissing",
)
def files_relative(message: Message) -> Faults:
    owners: dict[str, Node] = {}
    for node in message.all("URI"):
        value = text_of(node)
        owner = owners.setdefault(value, resource_of(node))
        is_shared = owner is not resource_of(node)
        parts = value.split("/")
        if "\\" in value or ".." in parts or value.startswith("/") or is_shared:
            yield Fault(node, value)
