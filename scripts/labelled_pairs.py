"""Labelled pairs of recordings, from the public sets that matching is measured on."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from shared.domain.recording_facts import RecordingFacts
from shared.domain.romanised import romanised_words

Record = dict[str, str]
_Form = Callable[[Record], Record]

_NEIGHBOURS = 15
_COMMONEST = 150
_MOST_SHARING = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, and whether they are of one recording.

    Attributes:
        groups: What the two belong to: pairs that share one are never split between
            fitting and testing.
    """

    query: Record
    candidate: Record
    is_same: bool
    groups: tuple[str, str]


def open_sets(folder: Path) -> dict[str, list[Pair]]:
    """Return the pairs of each set in *folder*, by the name it is reported under."""
    records = _rows(folder / "musicbrainz_20k.csv")
    near = _candidates(records)
    return {
        "iTunes-Amazon": list(_itunes_amazon(folder)),
        "iTunes-Amazon dirty": list(_itunes_amazon_dirty(folder)),
        "MusicBrainz-20K cleaned": list(_of_records(records, near, _cleaned)),
        "MusicBrainz-20K raw": list(_of_records(records, near, _raw)),
    }


def _rows(path: Path) -> list[Record]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _itunes_amazon(folder: Path) -> Iterator[Pair]:
    for name in ("itunes_amazon_train.csv", "itunes_amazon_validation.csv"):
        rows = _rows(folder / name)
        for row in rows:
            sides = [_sold(row, side) for side in ("left_", "right_")]
            yield _sold_pair(sides, row["label"])


def _itunes_amazon_dirty(folder: Path) -> Iterator[Pair]:
    for name in ("itunes_amazon_dirty_train.txt", "itunes_amazon_dirty_valid.txt"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            *sides, label = line.split("\t")
            told = [dict(_columns(side)) for side in sides]
            yield _sold_pair([_sold(one, "") for one in told], label)


def _columns(text: str) -> Iterator[tuple[str, str]]:
    for column in text.split("COL ")[1:]:
        name, _, value = column.partition(" VAL ")
        yield name, value.strip()


def _sold(row: Record, side: str) -> Record:
    return {
        "title": row[f"{side}Song_Name"],
        "artists": row[f"{side}Artist_Name"],
        "release": row[f"{side}Album_Name"],
        "length_ms": row[f"{side}Time"],
        "year": row[f"{side}Released"],
    }


def _sold_pair(sides: list[Record], label: str) -> Pair:
    query, candidate = sides
    groups = tuple(romanised_words(f"{one['title']} {one['artists']}") for one in sides)
    return Pair(query, candidate, label.strip() == "1", (groups[0], groups[1]))


def _candidates(records: list[Record]) -> set[tuple[int, int]]:
    """Return the pairs worth comparing: all true ones, and whatever could pass for one.

    These are each record's nearest by rare words, in whatever field; and the pairs
    that share a word of the title, the artists, the release, or length and number.
    """
    cleaned = [RecordingFacts.read(_cleaned(record)) for record in records]
    near = _nearest([_words(record) for record in records]) | _true_pairs(records)
    for keys in (_title_keys, _artist_keys, _release_keys, _chance_keys):
        near |= _sharing([keys(one) for one in cleaned])
    return near


def _nearest(words: list[list[str]]) -> set[tuple[int, int]]:
    counts = Counter(word for found in words for word in found)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(words):
        for word in found:
            if counts[word] <= _COMMONEST:
                holders[word].append(place)
    near: set[tuple[int, int]] = set()
    for place, found in enumerate(words):
        shared: Counter[int] = Counter()
        for word in found:
            for other in holders.get(word, ()):
                # A whole number, so that equals keep their order.
                shared[other] += 1_000_000 // counts[word]
        del shared[place]
        for other, _ in shared.most_common(_NEIGHBOURS):
            near.add((min(place, other), max(place, other)))
    return near


def _sharing(keys: list[set[str]]) -> set[tuple[int, int]]:
    """Return the pairs that share a key, but for keys that too many have."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(keys):
        for key in sorted(found):
            holders[key].append(place)
    return {
        pair
        for places in holders.values()
        if len(places) <= _MOST_SHARING
        for pair in combinations(places, 2)
    }


def _title_keys(facts: RecordingFacts) -> set[str]:
    words = romanised_words(facts.title)
    return {w for w in words.split() if len(w) > 3} | {f"={words[:6]}"} - {"="}


def _artist_keys(facts: RecordingFacts) -> set[str]:
    return {romanised_words(" ".join(facts.artists))} - {""}


def _release_keys(facts: RecordingFacts) -> set[str]:
    return {romanised_words(facts.release)} - {""}


def _chance_keys(facts: RecordingFacts) -> set[str]:
    if facts.length_ms is None or not facts.number:
        return set()
    return {f"{facts.length_ms // 1000} {facts.number}"}


def _words(record: Record) -> list[str]:
    text = romanised_words(f"{record['title']} {record['artist']} {record['album']}")
    words = {word.lstrip("0") for word in text.split()}
    return sorted(words | {f"{word[:5]}…" for word in words if len(word) > 6})


def _true_pairs(records: list[Record]) -> set[tuple[int, int]]:
    clusters: defaultdict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        clusters[record["CID"]].append(place)
    return {
        (one, other)
        for members in clusters.values()
        for one in members
        for other in members
        if one < other
    }


def _of_records(
    records: list[Record], near: Iterable[tuple[int, int]], form: _Form
) -> Iterator[Pair]:
    forms = [form(record) for record in records]
    for one, other in sorted(near):
        groups = (records[one]["CID"], records[other]["CID"])
        yield Pair(forms[one], forms[other], groups[0] == groups[1], groups)


def _raw(record: Record) -> Record:
    return {
        "title": record["title"],
        "artists": record["artist"],
        "release": record["album"],
        "length_ms": record["length"],
        "number": record["number"],
        "year": record["year"],
        "language": record["language"],
    }


def _cleaned(record: Record) -> Record:
    """Return *record* as one who knows the habits of its source would write it."""
    found = _raw(record)
    title, source = found["title"], record["SourceID"]
    if source == "1" and found["release"]:
        title = title.removesuffix(f" ({found['release']})")
    elif source == "2" and " - " in title:
        found["artists"], _, title = title.partition(" - ")
    elif source == "3" and " - " in title:
        title, _, found["release"] = title.rpartition(" - ")
    elif source == "4":
        title = re.sub(r"^\w{3}-", "", title)
        found["release"] = re.sub(r" \((?:\d{4}|unknown)\)$", "", found["release"])
        year = re.search(r"\((\d{4})\)$", record["album"])
        found["year"] = year.group(1) if year else ""
    return {**found, "title": title}
