"""Which message an XML document is, told by its namespace and its root's name.

Of one document only the root is looked at: DDEX gives every version of a standard a
namespace of its own, and the three that call themselves 4.3 differ from one another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.errors import InvalidInputError

ERN: Final = "ern"
CHOREOGRAPHY: Final = "ern-c-sftp"

_NEW: Final = "NewReleaseMessage"
_PURGE: Final = "PurgeReleaseMessage"
_CATALOG: Final = "CatalogListMessage"
_ERN_3: Final = (_NEW, _CATALOG)
_ERN_38: Final = (_NEW, _CATALOG, _PURGE)
_ERN_4: Final = (_NEW, _PURGE)
_MANIFEST: Final = "ManifestMessage"
_ACKNOWLEDGEMENTS: Final = ("FtpAcknowledgementMessage", "AcknowledgementMessage")

# The digits that end a namespace, what they mean, and the messages of that version.
_ERN_VERSIONS: Final = MappingProxyType(
    {
        "34": ("3.4", _ERN_3),
        "341": ("3.4.1", _ERN_3),
        "35": ("3.5", _ERN_3),
        "351": ("3.5.1", _ERN_3),
        "36": ("3.6", _ERN_3),
        "37D2": ("3.7 draft 2", _ERN_38),
        "37": ("3.7", _ERN_38),
        "371": ("3.7.1", _ERN_38),
        "38": ("3.8", _ERN_38),
        "381": ("3.8.1", _ERN_38),
        "382": ("3.8.2", _ERN_38),
        "383": ("3.8.3", _ERN_38),
        "41": ("4.1", _ERN_4),
        "411": ("4.1.1", _ERN_4),
        "42": ("4.2", _ERN_4),
        "43": ("4.3", _ERN_4),
        "431": ("4.3.1", _ERN_4),
        "432": ("4.3.2", _ERN_4),
    }
)
_CHOREOGRAPHY_VERSIONS: Final = MappingProxyType(
    {
        "16": ("1.6", (_MANIFEST, _ACKNOWLEDGEMENTS[0])),
        "17": ("1.7", (_MANIFEST, *_ACKNOWLEDGEMENTS)),
        "18": ("1.8", (_MANIFEST, _ACKNOWLEDGEMENTS[1])),
    }
)
_STANDARDS: Final = MappingProxyType(
    {ERN: _ERN_VERSIONS, CHOREOGRAPHY: _CHOREOGRAPHY_VERSIONS}
)
_NAMESPACE: Final = re.compile(
    r"http://ddex\.net/xml/(?P<standard>[a-z]+(?:-c-[a-z]+)?)/(?P<digits>\w+)"
)
_ANY_DDEX: Final = re.compile(r"(?:https?://)?(?:[a-z]+\.)?ddex\.net/xml/\S+")


@dataclass(frozen=True, slots=True)
class MessageKind:
    """What a document says it is.

    Attributes:
        standard: `ern`, or `ern-c-sftp` for manifests and acknowledgements.
        version: As DDEX writes it: `3.8.2`, `4.3.1`, `1.8`.
        message: The root's name: `NewReleaseMessage` …
        namespace: The root's namespace.
    """

    standard: str
    version: str
    message: str
    namespace: str

    @property
    def number(self) -> tuple[int, ...]:
        """The version as numbers, to compare: (4, 3, 1); of a draft, its version's."""
        return tuple(map(int, self.version.partition(" ")[0].split(".")))

    @property
    def is_ern_4(self) -> bool:
        return self.standard == ERN and self.number >= (4,)


def recognised(tag: str) -> MessageKind:
    """Return what the document is whose root is *tag*, such as `{namespace}name`.

    Raises:
        InvalidInputError: It is no DDEX message; or of a standard or version that is
            not read here; or of a message that its version does not have. The facts
            name the namespace and the root.
    """
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    facts = {"namespace": namespace, "root": name}
    if _ANY_DDEX.fullmatch(namespace) is None:
        raise InvalidInputError("not a DDEX message", **facts)
    found = _NAMESPACE.fullmatch(namespace)
    versions = _STANDARDS.get(found["standard"]) if found else None
    if found is None or versions is None:
        raise InvalidInputError("a DDEX standard that is not read here", **facts)
    if found["digits"] not in versions:
        raise InvalidInputError("a version of DDEX that is not known", **facts)
    version, messages = versions[found["digits"]]
    if name not in messages:
        raise InvalidInputError(
            "no such message in this version", version=version, **facts
        )
    return MessageKind(found["standard"], version, name, namespace)
