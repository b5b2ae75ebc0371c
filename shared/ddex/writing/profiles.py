"""Which release profile a release is told in (ERN 4.3, part 2: release profiles)."""

from __future__ import annotations

from typing import Final

from .building import is_allowed
from .description import ReleaseDescription, objects, text

_RINGTONES: Final = frozenset(
    {
        "AlertToneRelease",
        "RingbackToneRelease",
        "RingtoneRelease",
        "VideoMastertoneRelease",
    }
)
_LONG: Final = frozenset(
    {"ConcertVideo", "LongFormMusicalWorkVideoRelease", "LongFormMusicalWorkVideo"}
)
_SINGLES: Final = frozenset({"Single", "SingleResourceRelease", "VideoSingle", ""})
_BOXES: Final = frozenset(
    {
        "ClassicalDigitalBoxedSet",
        "DigitalBoxSetRelease",
        "MultimediaDigitalBoxedSet",
    }
)
WITH_TRACK_RELEASES: Final = frozenset({"Audio", "Video", "MixedMedia"})


def profile_of(release: ReleaseDescription) -> tuple[str, str]:
    """Return the profile and its variant (or an empty text).

    The one that the release came with, where it still can be; else the one that its
    type and recordings ask for.
    """
    said = text(release.values, "release_profile")
    profile = said if said and _can_be(said, release) else _chosen(release)
    return profile, _variant(release, profile)


def _can_be(profile: str, release: ReleaseDescription) -> bool:
    is_single = len(release.places) == 1
    if profile.startswith("Simple"):
        return is_single
    return is_allowed("ReleaseProfileVersionId", profile)


def _chosen(release: ReleaseDescription) -> str:
    kind = text(release.values, "release_type")
    videos = [place.recording.is_video for place in release.places]
    if kind in _RINGTONES:
        return "Ringtone"
    if kind == "DjMix" or any(
        place.recording.values.get("parts") for place in release.places
    ):
        return "DjMix"
    if any(videos) and not all(videos):
        return "MixedMedia"
    if any(videos):
        return _of_videos(kind, len(videos))
    apart = any(deal.get("recording") for deal in release.deals)
    is_single = len(videos) == 1 and kind in _SINGLES and not apart
    return "SimpleAudioSingle" if is_single else "Audio"


def _of_videos(kind: str, count: int) -> str:
    if kind in _LONG:
        return "LongFormMusicalWorkVideo"
    return "SimpleVideoSingle" if count == 1 and kind in _SINGLES else "Video"


def _variant(release: ReleaseDescription, profile: str) -> str:
    if profile not in WITH_TRACK_RELEASES:
        return ""
    kinds = {
        str(section.get("type")) for section in objects(release.values, "sections")
    }
    is_classical = "MultiWorkPart" in kinds
    is_box = (
        "ReleaseComponent" in kinds or text(release.values, "release_type") in _BOXES
    )
    words = ("Classical" * is_classical, "BoxedSet" * is_box)
    return " ".join(filter(None, words[::-1]))
