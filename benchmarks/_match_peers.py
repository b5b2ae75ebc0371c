"""How two tagging programs score a pair, re-implemented from their documentation."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from shared.domain.recording_facts import RecordingFacts
from shared.domain.romanised import romanised_words

Part = tuple[float, float]
"""A weight, and a likeness from 0 to 1."""


def picard(one: RecordingFacts, other: RecordingFacts) -> float:
    """Score as MusicBrainz Picard 3 weighs similarities (identifiers left out)."""
    parts: list[Part] = []
    for weight, text, its_text in (
        (13, one.title, other.title),
        (5, one.release, other.release),
        (4, _credit(one), _credit(other)),
    ):
        if text and its_text:
            parts.append((weight, _words_alike(text, its_text)))
    if one.length_ms and other.length_ms:
        away_s = abs(one.length_ms - other.length_ms) / 1000
        parts.append((10, max(0.0, 1 - away_s / 30)))
    if one.year and other.year:
        parts.append((4, max(0.0, 1 - abs(one.year - other.year) / 4)))
    if one.number and other.number:
        parts.append((4, float(one.number == other.number)))
    return _mean(parts)


def beets(one: RecordingFacts, other: RecordingFacts) -> float:
    """Score as beets weighs a track's distance, with the album's title at weight 3."""
    parts: list[Part] = []
    for weight, text, its_text in (
        (3, one.title, other.title),
        (3, one.release, other.release),
        (2, _credit(one), _credit(other)),
    ):
        if text and its_text:
            parts.append((weight, _letters_alike(text, its_text)))
    if one.length_ms and other.length_ms:
        away_s = abs(one.length_ms - other.length_ms) / 1000
        parts.append((2, 1 - min(1.0, max(0.0, away_s - 10) / 30)))
    if one.number and other.number:
        parts.append((1, float(one.number == other.number)))
    return _mean(parts)


def _credit(facts: RecordingFacts) -> str:
    return ", ".join(facts.artists)


def _words_alike(one: str, other: str) -> float:
    """Pair words greedily; of those left over, each counts four tenths."""
    words = romanised_words(one).split()
    its_words = romanised_words(other).split()
    if len(words) > len(its_words):
        words, its_words = its_words, words
    if not words:
        return 0.0
    found = 0.0
    free = list(its_words)
    for word in words:
        likeness, place = max(
            (Levenshtein.normalized_similarity(word, its_word), -place)
            for place, its_word in enumerate(free)
        )
        found += likeness
        del free[-place]
    return found / (len(words) + 0.4 * len(free))


def _letters_alike(one: str, other: str) -> float:
    return Levenshtein.normalized_similarity(
        romanised_words(one).replace(" ", ""), romanised_words(other).replace(" ", "")
    )


def _mean(parts: Iterable[Part]) -> float:
    told = list(parts)
    total = sum(weight for weight, _ in told)
    return sum(weight * likeness for weight, likeness in told) / total if told else 0.0
