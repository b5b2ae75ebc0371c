"""Templates of distributors and programs, by the headings that are theirs alone.

A table is read the same without them: they name what was sent, and settle what its
headings leave open, such as the order of day and month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SHARE: Final = 0.7
_NOT_OF_A_NAME: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of table that many people send.

    Attributes:
        headings: Those that tell it, without case, spaces and punctuation.
        date_order: How it writes dates: `DMY`, `MDY`, or empty for ISO.
    """

    name: str
    label: str
    headings: frozenset[str]
    date_order: str = ""


def _template(name: str, label: str, headings: str, date_order: str = "") -> Template:
    return Template(name, label, frozenset(headings.split()), date_order)


TEMPLATES: Final = (
    _template(
        "believe-backstage",
        "Believe Backstage, extended album",
        "mixtitleversion cdnumber tracktype territoriestodeliver releasepricetier"
        " trackpricetier digitalreleasedate previewstart parentaladvisory",
        "MDY",
    ),
    _template(
        "believe-backstage-contributors",
        "Believe Backstage, contributors",
        "contributorname mainartistontracks featuringontracks composerontracks",
    ),
    _template(
        "sonosuite",
        "SonoSuite bulk upload",
        "releaseparticipants trackparticipants plineyear clineyear audiolanguage"
        " audiourl coverurl",
    ),
    _template(
        "mixbank-publisher",
        "Mixbank, works of a publisher",
        "songtitle iswc composers publishers territoriesincluded aresplitsestimated",
    ),
    _template(
        "mirlo",
        "Mirlo bulk upload",
        "releasedisplayartist trackartistrolecustom minimumpricecents"
        " tagscommaseparated",
    ),
    _template(
        "stardust-distro",
        "Stardust Distro catalog",
        "releasedate tracktitle tracknumber trackartist discnumber catalognumber upc",
    ),
    _template(
        "fuga",
        "FUGA catalog",
        "albumtitle primaryartists mainsubgenre clinename plinename numberofvolumes"
        " trackprimaryartists volumenumber tracksequence",
    ),
    _template(
        "music-publisher-works",
        "Works with writers and shares",
        "worktitle workid iswc writer1last writer1first writer1ipi"
        " writer1manuscriptshare recording1isrc",
    ),
    _template(
        "royalty-statement",
        "Royalty statement",
        "worktitle workid righttype amount currency",
    ),
)


def template_of(headings: Iterable[str]) -> Template | None:
    """Return the template that *headings* are of; the one they fit best."""
    names = {_NOT_OF_A_NAME.sub("", heading).casefold() for heading in headings}
    fits = [(len(t.headings & names) / len(t.headings), t.name, t) for t in TEMPLATES]
    share, _, best = max(fits)
    return best if share >= _SHARE else None
