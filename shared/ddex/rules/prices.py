"""Rules X about prices, and what is sold on carriers."""

from __future__ import annotations

from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import child, text_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_PHYSICAL: Final = "PurchaseAsPhysicalProduct"
_MINOR_UNITS: Final = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "KWD": 3}


@rule(
    "X08",
    Level.FATAL,
    source="Schematron 2.1, 1040",
    says="the price is given both as a code and as an amount",
    fix="Leave one of PriceCode and the amounts out.",
)
def price_once(message: Message) -> Faults:
    for node in message.all("PriceInformation"):
        amounts = ("WholesalePricePerUnit", "BulkOrderWholesalePricePerUnit")
        has_amount = any(child(node, name) is not None for name in amounts)
        if has_amount and child(node, "PriceCode") is not None:
            yield Fault(node, text_of(node, "PriceCode"))


@rule(
    "X09",
    Level.FATAL,
    source="Schematron 2.1, 1041 to 1044",
    says="only a deal for physical products has this",
    fix="Leave it out, or give UseType PurchaseAsPhysicalProduct.",
)
def physical_alone(message: Message) -> Faults:
    paths = (
        "PriceInformation/BulkOrderWholesalePricePerUnit",
        "CarrierType",
        "PhysicalReturns",
        "NumberOfProductsPerCarton",
    )
    for terms in message.deal_terms:
        if _PHYSICAL in terms.uses:
            continue
        for path in paths:
            node = terms.node.find(path)
            if node is not None:
                yield Fault(node, text_of(node), str(node.tag))


@rule(
    "X10",
    Level.ERROR,
    source="XSD; ISO 4217",
    says="not an amount of that currency",
    fix="Write a positive amount with the decimals of its currency.",
)
def amounts_plausible(message: Message) -> Faults:
    names = ("WholesalePricePerUnit", "SuggestedRetailPrice")
    for node in message.all(*names, "BulkOrderWholesalePricePerUnit"):
        amount, currency = text_of(node), node.get("CurrencyCode", "")
        _, _, decimals = amount.partition(".")
        most = _MINOR_UNITS.get(currency, 2)
        is_negative = amount.startswith("-") or not amount.strip("0.")
        if is_negative or len(decimals.rstrip("0")) > most:
            yield Fault(node, amount, currency)
