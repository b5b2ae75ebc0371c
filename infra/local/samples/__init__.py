"""Sample uploads, made on the spot: music-like sound, tagged in every format.

The sound has a known tempo and key, and every byte is the same on every run. For the
demo, the journeys and the tests; nothing here is part of a deployed function.
"""

from .album import Album, SampleTrack, album
from .encoding import FORMATS, encoded
from .sound import Song, samples
from .tagging import SampleTags, tagged

__all__ = [
    "FORMATS",
    "Album",
    "SampleTags",
    "SampleTrack",
    "Song",
    "album",
    "encoded",
    "samples",
    "tagged",
]
