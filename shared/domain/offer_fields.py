"""The fields of what partners are offered and told: works, deals, deliveries, messages.

A deal says who may do what with a release or one recording of it, where and when
(ERN 4.3, DealTerms). A delivery is the last word of one sender about one release; a
message is what carried it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from shared.domain.claims import Kind
from shared.domain.field_forms import (
    Field,
    credit_list,
    flag,
    integer,
    pattern,
    text,
    texts,
    texts_and,
)
from shared.domain.identifiers import Iswc

_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)

_moment = pattern(_MOMENT, "2026-11-21 or 2026-11-21T00:00:00Z")
_prices = texts_and(
    {
        "type": text,
        "kind": text,
        "amount": pattern(_AMOUNT, "0.99"),
        "currency": pattern(re.compile("[A-Z]{3}"), "EUR"),
    }
)
_claims_policies = texts_and({"policy": text, "condition": text}, "policy")
_errors = texts_and(
    {"status": text, "text": text, "resource": text, "rule": text, "at": text}, "status"
)

_said_by = {
    "sender": Field(text, "Sender", "text", 1, False),
    "recipient": Field(text, "Recipient", "text", 0, False),
    "message_id": Field(text, "Message id", "text", 1, False),
    "thread_id": Field(text, "Thread", "text", 0, False),
    "created_at": Field(_moment, "Written", "moment", 1, False),
    "standard": Field(text, "Standard", "text", 1, False),
    "message_type": Field(text, "Message", "text", 0, False),
    "is_test": Field(flag, "Test", "flag", 0, False),
    "uri": Field(text, "Address", "uri", 0, False),
}

OFFER_FIELDS: Mapping[Kind, Mapping[str, Field]] = MappingProxyType(
    {
        Kind.WORK: MappingProxyType(
            {
                "title": Field(text, "Title", "text", 3),
                "iswc": Field(lambda v: Iswc.parse(text(v)).value, "ISWC", "iswc", 3),
                "contributors": Field(credit_list, "Writers", "credits", 2),
                "language": Field(text, "Language", "language", 0.5),
                "work_type": Field(text, "Type", "text"),
                "musicbrainz_id": Field(text, "MusicBrainz id", "text"),
                "discogs_id": Field(text, "Discogs id", "text"),
                "proprietary_ids": Field(texts, "Ids of partners", "texts"),
            }
        ),
        Kind.DEAL: MappingProxyType(
            {
                "release": Field(text, "Release", "key", 1, False),
                "recording": Field(text, "Recording", "key", 0, False),
                "sender": Field(text, "Sender", "text", 1, False),
                "territories": Field(texts, "Territories", "texts", 1, False),
                "excluded_territories": Field(texts, "Except in", "texts", 0, False),
                "commercial_models": Field(
                    texts, "Commercial models", "texts", 1, False
                ),
                "use_types": Field(texts, "Uses", "texts", 1, False),
                "starts": Field(_moment, "From", "moment", 1, False),
                "ends": Field(_moment, "Until", "moment", 0, False),
                "is_pre_order": Field(flag, "Pre-order", "flag", 0, False),
                "pre_order_preview": Field(
                    _moment, "Pre-order preview from", "moment", 0, False
                ),
                "release_display_from": Field(
                    _moment, "Release shown from", "moment", 0, False
                ),
                "tracks_listed_from": Field(
                    _moment, "Tracks listed from", "moment", 0, False
                ),
                "cover_shown_from": Field(
                    _moment, "Cover shown from", "moment", 0, False
                ),
                "clips_played_from": Field(
                    _moment, "Clips played from", "moment", 0, False
                ),
                "prices": Field(_prices, "Prices", "prices", 0, False),
                "channels": Field(texts, "Channels", "texts", 0, False),
                "excluded_channels": Field(texts, "Except through", "texts", 0, False),
                "rights_claim_policies": Field(
                    _claims_policies, "Claims", "claims", 0, False
                ),
                "instant_gratification": Field(
                    texts, "Given at once", "texts", 0, False
                ),
                "reference": Field(text, "Reference", "text", 0, False),
            }
        ),
        Kind.DELIVERY: MappingProxyType(
            {
                **_said_by,
                "release": Field(text, "Release", "key", 1, False),
                "state": Field(text, "State", "text", 1, False),
                "deal_count": Field(integer(0, 2**53), "Deals", "count", 0, False),
            }
        ),
        Kind.MESSAGE: MappingProxyType(
            {
                **_said_by,
                "releases": Field(texts, "Releases", "texts", 1, False),
                "direction": Field(text, "Direction", "text", 1, False),
                "sha256": Field(text, "SHA-256", "text", 0, False),
                "acknowledgement": Field(text, "Acknowledgement", "text", 0, False),
                "acknowledged_at": Field(_moment, "Acknowledged", "moment", 0, False),
                "errors": Field(_errors, "Errors", "errors", 0, False),
            }
        ),
    }
)
"""The fields of each kind beyond what is recorded, released and stored."""
