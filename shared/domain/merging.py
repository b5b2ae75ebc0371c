"""Whether a record is one of the recordings at hand, a new one, or a person's question.

Probability alone never merges: what two records contradict each other in, or leave
open, goes to a person however alike the rest is. Decisions are pure: the same record
and candidates, in whatever order, give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.comparisons import DIFFERENT, SAME
from shared.domain.findings import Finding, Level
from shared.domain.match_weights import Weights, probability_of
from shared.domain.matching import Match, match
from shared.domain.recording_facts import RecordingFacts

ISRC_REUSED: Final = "LN-RECORDING-ISRC-REUSED"
ISRC_LENGTH_MS: Final = 5_000
"""Records of one ISRC that differ by more than this are looked at by a person."""

_SAME_RELEASE: Final = 0.7
_LEAST_KNOWN: Final = 2
_OTHER_VERSIONS: Final = frozenset({"one", "details", DIFFERENT})


class Outcome(StrEnum):
    """SAME: merged alone; REVIEW: a person decides; DIFFERENT: one of its own."""

    SAME = "same"
    REVIEW = "review"
    DIFFERENT = "different"


class Doubt(StrEnum):
    """Why a person has to look, although much speaks for one recording."""

    UNSURE = "unsure"
    SMALL_MARGIN = "small-margin"
    ISRC_DIFFERS = "isrc-differs"
    ISRC_LENGTH = "isrc-equal-length-differs"
    ISRC_REUSED = "isrc-used-for-two-recordings"
    VERSION_DIFFERS = "version-differs"
    MARKING_DIFFERS = "clean-and-explicit"
    LENGTH_DIFFERS = "length-differs"
    LENGTH_UNKNOWN = "length-unknown"
    PART_DIFFERS = "numbers-in-title-differ"
    TITLE_DIFFERS = "title-differs"
    TITLE_UNKNOWN = "title-unknown"
    ARTISTS_DIFFER = "artists-differ"
    LITTLE_TOLD = "little-told"


@dataclass(frozen=True, slots=True)
class MergePolicy:
    """How bold a tenant wants merging to be.

    Attributes:
        accept_from: Least probability of a merge without a person.
        review_from: Least probability that is worth a person's time.
        margin: By how much the best candidate has to lead the second.
        length_ms: Largest difference of lengths in a merge without a person.
        needs_length: Both lengths have to be known.
        needs_title: Likeness that titles need; a shared ISRC stands in for an
            unknown title, not for a different one.
        merges_markings: A clean and an explicit recording may be one.
    """

    name: str
    accept_from: float
    review_from: float
    margin: float
    length_ms: int
    needs_length: bool
    needs_title: float
    merges_markings: bool = False


STRICT: Final = MergePolicy("strict", 0.98, 0.05, 0.2, 3_000, True, 0.9)
DEFAULT: Final = MergePolicy("default", 0.9, 0.1, 0.05, 10_000, False, 0.7)
LOOSE: Final = MergePolicy("loose", 0.8, 0.2, 0.02, 20_000, False, 0.6, True)
POLICIES: Final = {one.name: one for one in (STRICT, DEFAULT, LOOSE)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recording of the catalog that a record may be of.

    Attributes:
        match: How the record and this recording match.
    """

    id: str
    match: Match


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a record.

    Attributes:
        candidate_id: What it is, or may be; None where nothing at hand comes near.
        probability: Of the two being one recording.
        doubts: Why a person is asked; empty unless *outcome* is REVIEW.
        contender_ids: Other candidates nearly as likely, the likeliest first.
        findings: What is wrong with the identifiers, whatever the outcome.
    """

    outcome: Outcome
    candidate_id: str | None = None
    probability: float = 0.0
    doubts: tuple[Doubt, ...] = ()
    contender_ids: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def candidates_of(
    query: RecordingFacts,
    recordings: Iterable[tuple[str, RecordingFacts]],
    weights: Weights | None = None,
) -> list[Candidate]:
    """Return each of *recordings* (id, facts) matched with *query*."""
    return [Candidate(key, match(query, one, weights)) for key, one in recordings]


def decide(
    candidates: Iterable[Candidate],
    policy: MergePolicy = DEFAULT,
    *,
    isrc: str = "",
) -> Decision:
    """Return what a record is, given all the recordings it may be of.

    Args:
        candidates: Each with its match; their order makes no difference.
        isrc: The record's, to be named in findings.
    """
    ranked = sorted(candidates, key=lambda one: (-one.match.probability, one.id))
    findings = tuple(_reuse(one, isrc) for one in ranked if is_isrc_reused(one.match))
    # A shared ISRC puts its bearer before the likeliest: one of the two is wrong.
    chosen = next((one for one in ranked if _shares_isrc(one.match)), None)
    best = chosen or (ranked[0] if ranked else None)
    if best is None:
        return Decision(Outcome.DIFFERENT)
    contenders = _contenders(best, ranked, policy)
    doubts = doubts_of(best.match, policy)
    if contenders:
        doubts = (*doubts, Doubt.SMALL_MARGIN)
    outcome = _outcome(best.match, doubts, policy)
    is_review = outcome is Outcome.REVIEW
    return Decision(
        outcome,
        None if outcome is Outcome.DIFFERENT else best.id,
        best.match.probability,
        doubts if is_review else (),
        tuple(one.id for one in contenders) if is_review else (),
        findings,
    )


def doubts_of(found: Match, policy: MergePolicy = DEFAULT) -> tuple[Doubt, ...]:
    """Return why the two of *found* must not be merged without a person."""
    return tuple(doubt for doubt, is_raised in _DOUBTS if is_raised(found, policy))


def is_isrc_reused(found: Match) -> bool:
    """Whether two records share an ISRC and nothing else says they are one recording.

    They call themselves two versions; or their titles differ, and so do their
    artists, or what else they tell is not worth a person's time.
    """
    if not _shares_isrc(found):
        return False
    worths = found.weights.worths(found.comparisons)
    others = found.weights.intercept + sum(worths.values()) - worths["isrc"]
    told = found.comparisons
    if told.version in _OTHER_VERSIONS:
        return True
    if told.title is None or told.title >= LOOSE.needs_title:
        return False
    is_by_others = told.artists is not None and told.artists < LOOSE.needs_title
    return is_by_others or probability_of(others) < DEFAULT.review_from


def _outcome(found: Match, doubts: Sequence[Doubt], policy: MergePolicy) -> Outcome:
    if not doubts:
        return Outcome.SAME
    if found.probability >= policy.review_from or _shares_isrc(found):
        return Outcome.REVIEW
    return Outcome.DIFFERENT


def _contenders(
    best: Candidate, ranked: Sequence[Candidate], policy: MergePolicy
) -> list[Candidate]:
    least = max(best.match.probability - policy.margin, policy.review_from)
    return [one for one in ranked if one is not best and one.match.probability > least]


def _reuse(candidate: Candidate, isrc: str) -> Finding:
    return Finding(
        code=ISRC_REUSED,
        level=Level.WARNING,
        field="isrc",
        message="One ISRC is used for two recordings that are not alike.",
        fix="Ask the registrant which recording the code was assigned to.",
        place=candidate.id,
        value=isrc or None,
    )


def _shares_isrc(found: Match) -> bool:
    return found.comparisons.isrc == SAME


def _is_unsure(found: Match, policy: MergePolicy) -> bool:
    return found.probability < policy.accept_from


def _has_isrc_of_other_length(found: Match, _: MergePolicy) -> bool:
    length_ms = found.comparisons.length
    return _shares_isrc(found) and length_ms is not None and length_ms > ISRC_LENGTH_MS


def _has_other_version(found: Match, _: MergePolicy) -> bool:
    return found.comparisons.version in _OTHER_VERSIONS


def _has_other_marking(found: Match, policy: MergePolicy) -> bool:
    return found.comparisons.marking == DIFFERENT and not policy.merges_markings


def _has_other_length(found: Match, policy: MergePolicy) -> bool:
    length_ms = found.comparisons.length
    return length_ms is not None and length_ms > policy.length_ms


def _has_no_length(found: Match, policy: MergePolicy) -> bool:
    return policy.needs_length and found.comparisons.length is None


def _has_other_title(found: Match, policy: MergePolicy) -> bool:
    title = found.comparisons.title
    return title is not None and title < policy.needs_title


def _has_no_title(found: Match, _: MergePolicy) -> bool:
    return found.comparisons.title is None and not _shares_isrc(found)


def _has_other_artists(found: Match, policy: MergePolicy) -> bool:
    artists = found.comparisons.artists
    return artists is not None and artists < policy.needs_title


def _has_little_told(found: Match, _: MergePolicy) -> bool:
    """Whether a title is nearly all that both tell: thousands share an "Intro"."""
    told = found.comparisons
    release = told.release if told.release and told.release >= _SAME_RELEASE else None
    known = [one for one in (told.artists, told.length, release) if one is not None]
    return len(known) < _LEAST_KNOWN and not _shares_isrc(found)


_DOUBTS: Final[tuple[tuple[Doubt, Callable[[Match, MergePolicy], bool]], ...]] = (
    (Doubt.UNSURE, _is_unsure),
    (Doubt.ISRC_REUSED, lambda found, _: is_isrc_reused(found)),
    (Doubt.ISRC_LENGTH, _has_isrc_of_other_length),
    (Doubt.ISRC_DIFFERS, lambda found, _: found.comparisons.isrc == DIFFERENT),
    (Doubt.VERSION_DIFFERS, _has_other_version),
    (Doubt.MARKING_DIFFERS, _has_other_marking),
    (Doubt.LENGTH_DIFFERS, _has_other_length),
    (Doubt.LENGTH_UNKNOWN, _has_no_length),
    (Doubt.PART_DIFFERS, lambda found, _: found.comparisons.numbers == DIFFERENT),
    (Doubt.TITLE_DIFFERS, _has_other_title),
    (Doubt.TITLE_UNKNOWN, _has_no_title),
    (Doubt.ARTISTS_DIFFER, _has_other_artists),
    (Doubt.LITTLE_TOLD, _has_little_told),
)
