"""ERN messages as one model over all versions, without loss.

    message = read(content)             # bytes → Ern; model_of(root) of a parsed tree
    message.header.sender.dpid          # Header, Correspondent
    message.main_release.title          # Release: kind, types, identifiers, titles …
    message.releases, .track_releases
    message.resources                   # Resource: SoundRecording, Video, Image …
    message.deals                       # Deal: one for each set of terms
    message.parties, .works             # by reference: 4.x has parties, 3.x works
    message.to_bytes()                  # → the same message, nothing lost

Behind the typed views stand `Part`s: the elements in their order, whatever their names
(decision 22). Each view has the part that it was read from as `source`, for what has no
field. Views are read alike from 3.x and 4.x: `…DetailsByTerritory`, references to the
party list and editions are resolved, and each value says where it holds
(`territories`). Dates, prices and codes are texts as written; durations are in
milliseconds. Nothing here judges: what is wrong with a message is `check`'s to say.
"""

from .message import Ern, model_of, read
from .offers import (
    Deal,
    GroupItem,
    Label,
    Period,
    Price,
    RelatedRelease,
    Release,
    ResourceGroup,
    Showing,
)
from .parties import roles_of
from .parts import Part, node_of, part_of, serialised
from .things import Correspondent, Credit, DeliveredFile, Header, Party, Resource, Work
from .values import (
    EVERYWHERE,
    Advice,
    DateSaid,
    Genre,
    Identifier,
    PartyName,
    RightsLine,
    Term,
    Territories,
    Title,
    Wording,
)

__all__ = [
    "EVERYWHERE",
    "Advice",
    "Correspondent",
    "Credit",
    "DateSaid",
    "Deal",
    "DeliveredFile",
    "Ern",
    "Genre",
    "GroupItem",
    "Header",
    "Identifier",
    "Label",
    "Part",
    "Party",
    "PartyName",
    "Period",
    "Price",
    "RelatedRelease",
    "Release",
    "Resource",
    "ResourceGroup",
    "RightsLine",
    "Showing",
    "Term",
    "Territories",
    "Title",
    "Wording",
    "Work",
    "model_of",
    "node_of",
    "part_of",
    "read",
    "roles_of",
    "serialised",
]
