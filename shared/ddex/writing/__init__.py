"""From what the catalog knows of a release to a DDEX message that says it.

    content = message(description)                 # ERN 4.3, bytes
    older = message(description, "3.8.2")          # the same, converted
    manifest(batch)                                # choreography 1.8

The same description gives the same bytes. Nothing is made up: what the catalog does
not know is left out, and the check of the message then says that it is missing.
"""

from .description import (
    Correspondence,
    FileDescription,
    PictureDescription,
    PlaceDescription,
    RecordingDescription,
    ReleaseDescription,
)
from .manifest import BatchedMessage, manifest
from .message import VERSIONS, message, purge
from .profiles import profile_of

__all__ = [
    "VERSIONS",
    "BatchedMessage",
    "Correspondence",
    "FileDescription",
    "PictureDescription",
    "PlaceDescription",
    "RecordingDescription",
    "ReleaseDescription",
    "manifest",
    "message",
    "profile_of",
    "purge",
]
