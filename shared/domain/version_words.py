"""Words that say which version of a recording one has: remix, live, karaoke."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# What makes another recording, by the words that say so (romanised, lower case).
_DISTINCT: Final[dict[str, str]] = {
    "remix": "remix|rmx|remixed|rework|reworked|refix|bootleg|flip|vip|mashup|re edit"
    "|reedit|mix|continuous mix|megamix",
    "radio edit": "radio edit|radio mix|radio version|radio",
    "edit": "edit|short version|short edit|single edit",
    "live": "live|unplugged|in concert|en vivo|ao vivo|en directo|dal vivo|en public"
    "|session|sessions|bbc|concert",
    "acoustic": "acoustic|acustico|acoustique|stripped",
    "demo": "demo|demos|rough mix|work in progress",
    "instrumental": "instrumental|instrumentale|backing track|minus one|off vocal",
    "karaoke": "karaoke|sing along|in the style of|originally performed by"
    "|made famous by|tribute to",
    "a cappella": "a cappella|acappella|acapella|vocals only",
    "dub": "dub|dub mix",
    "extended": "extended|extended mix|extended version|12 inch|12 mix|club mix"
    "|long version|full length|maxi",
    "sped up": "sped up|spedup|speed up|nightcore|fast version",
    "slowed": "slowed|slowed reverb|slowed and reverb|screwed|daycore|chopped",
    "re-recorded": "re recorded|rerecorded|re recording|new recording|taylors version",
    "orchestral": "orchestral|symphonic|orchestral version|strings",
    "piano": "piano version|solo piano|piano solo",
    "cover": "cover|cover version|lullaby version|lullaby rendition",
    "take": "alternate take|alternative take|alternate|alternative version|outtake"
    "|take|rehearsal|early version|alt",
    "reprise": "reprise",
    "commentary": "commentary|interview|spoken",
    "8d": "8d|8d audio",
}
# What is told of a version without making another recording.
_MARKING: Final[dict[str, str]] = {
    "explicit": "explicit|parental advisory|dirty|uncensored",
    "clean": "clean|edited|edited version|censored|amended|super clean",
    "remaster": "remaster|remastered|remasterizado|remasterise|digital remaster",
    "mono": "mono|mono version|mono mix",
    "stereo": "stereo|stereo version|stereo mix",
    "plain": "version|original|original version|original mix|album version|album"
    "|single version|single|lp version|main version|full version|bonus track|bonus"
    "|deluxe|deluxe edition|deluxe version|edition|anniversary edition|expanded"
    "|amazon exclusive|exclusive|official|official video|official audio|audio|video"
    "|lyric video|lyrics|hd|hq|soundtrack version|ep|from|recorded",
}
# Of two that stand at one place the longer counts, so "radio edit" is no "edit".
_KIND_OF: Final = {
    word: kind
    for table in (_DISTINCT, _MARKING)
    for kind, words in table.items()
    for word in words.split("|")
}
_NAMES = "|".join(sorted(_KIND_OF, key=len, reverse=True))
_FOUND = re.compile(rf"\b(?:{_NAMES})\b")
# "(Live and Let Die)" and "(Take Me Home)" name no version: the word has to end what
# the bracket holds, or to open what goes on as such words do.
_IS_VERSION = re.compile(
    rf"(?:.*\b)?(?:{_NAMES})(?: (?:version|mix|edit|[ivx]+|\d+|(?:19|20)\d\d))*"
    r"|live (?:at|in|from|on|version|session|acoustic|bbc|(?:19|20)\d\d)\b.*"
    r"|(?:recorded|remixed|reworked|covered) (?:live|at|in|by|from)\b.*"
    r"|(?:in the style of|(?:originally performed|made famous) by|tribute to)\b.*"
    r"|(?:explicit|clean|karaoke|instrumental|remaster(?:ed)?|demo|acoustic) .*"
    r"|(?:bonus track|from the)\b.*"
)
_FILLERS = frozenset(
    {
        *("a", "an", "the", "at", "in", "on", "of", "by", "for", "with", "and", "from"),
        *("version", "track", "de", "la", "le", "el", "en", "du", "da", "do", "s", "n"),
        *("x", "vs", "music"),
    }
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
DISTINCT_KINDS: Final = frozenset(_DISTINCT)
# In a title without brackets these say enough at the end: "Auuh Remix".
_ENDINGS = re.compile(
    r"(?<=\w )(?:(?:radio|club|extended|original) )?(?:remix|rmx|radio edit|karaoke"
    r"|instrumental|acapella|nightcore|sped up|slowed)$"
)


@dataclass(frozen=True, slots=True)
class Version:
    """What a title says about its version.

    Attributes:
        kinds: Which make another recording, such as `live`.
        markings: Which do not, such as `explicit` or `remaster`.
        details: The other words: who mixed it, where it was played.
    """

    kinds: frozenset[str] = frozenset()
    markings: frozenset[str] = frozenset()
    details: frozenset[str] = frozenset()

    def joined(self, other: Version) -> Version:
        return Version(
            self.kinds | other.kinds,
            self.markings | other.markings,
            self.details | other.details,
        )

    def without(self, kinds: frozenset[str]) -> Version:
        return Version(self.kinds - kinds, self.markings, self.details)


NO_VERSION: Final = Version()


def version_in(words: str) -> Version | None:
    """Return what *words* (romanised, of a bracket or after a dash) say; else None."""
    if _IS_VERSION.fullmatch(words) is None:
        return None
    found = _FOUND.findall(words)
    named = {_KIND_OF[word] for word in found}
    rest = _FOUND.sub(" ", words)
    years = frozenset(_YEAR.findall(rest)) if "remaster" not in named else frozenset()
    details = frozenset(_YEAR.sub(" ", rest).split()) - _FILLERS
    return Version(
        frozenset(named & DISTINCT_KINDS),
        frozenset(named - DISTINCT_KINDS),
        details | years,
    )


def ending_version(words: str) -> tuple[str, Version]:
    """Part "auuh remix" into "auuh" and the version that its last words name."""
    ending = _ENDINGS.search(words)
    version = version_in(ending.group()) if ending else None
    if ending is None or version is None:
        return words, NO_VERSION
    return words[: ending.start()].rstrip(), version
