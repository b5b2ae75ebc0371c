"""The facts that a conversion follows: which element becomes which, and what is meant.

The one place to add a mapping. Sources: the schema tables of each version, and DDEX's
own samples of the same release in several versions.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Moved(NamedTuple):
    """Children of *where* that stand elsewhere in the next version.

    Attributes:
        where: The end of a path: `SoundRecording`, `Video/TechnicalDetails`.
        older: The path below it in the older version.
        newer: The path below it in the newer version.
        is_only_upward: Whether the way back leads to another place; and it gives way
            to what stands at the newer place already.
    """

    where: str
    older: str
    newer: str
    is_only_upward: bool = False


# The layouts, oldest first: each is converted to its neighbour, and a longer way goes
# through all between. 4.1 differs from 4.1.1, and 4.3.1 from 4.3.2, as little as 3.8.1
# from 3.8.2: fitting is enough.
LAYOUTS: Final = {
    "3.4": "3", "3.4.1": "3", "3.5": "3", "3.5.1": "3", "3.6": "3", "3.7": "3",
    "3.7 draft 2": "3", "3.7.1": "3", "3.8": "3", "3.8.1": "3", "3.8.2": "3",
    "3.8.3": "3", "4.1": "4.1", "4.1.1": "4.1", "4.2": "4.2", "4.3": "4.3",
    "4.3.1": "4.3.2", "4.3.2": "4.3.2",
}  # fmt: skip
ORDER: Final = ("3", "4.1", "4.2", "4.3", "4.3.2")

_RESOURCES: Final = (
    "SoundRecording",
    "Video",
    "Image",
    "Text",
    "SheetMusic",
    "Software",
)
_MADE: Final = ("SoundRecording", "Video")
_AUDIO_DELIVERY: Final = (
    "ContainerFormat", "AudioCodecType", "BitRate", "OriginalBitRate",
    "NumberOfChannels", "SamplingRate", "OriginalSamplingRate", "BitsPerSample",
    "Duration", "BitDepth", "File", "Fingerprint", "IsProvidedInDelivery",
)  # fmt: skip
_VIDEO_DELIVERY: Final = (
    "ContainerFormat", "VideoCodecType", "VideoBitRate", "FrameRate", "ImageHeight",
    "ImageWidth", "AspectRatio", "CoreArea", "ColorDepth", "VideoDefinitionType",
    "AudioCodecType", "AudioBitRate", "NumberOfAudioChannels", "AudioSamplingRate",
    "AudioBitsPerSample", "Duration", "BitDepth", "File", "Fingerprint",
    "IsProvidedInDelivery",
)  # fmt: skip
_DETAILS: Final = {
    "SoundRecording": _AUDIO_DELIVERY,
    "Video": _VIDEO_DELIVERY,
}

MOVED: Final[dict[tuple[str, str], tuple[Moved, ...]]] = {
    ("3", "4.1"): (
        *(Moved(kind, f"{kind}Type", "Type") for kind in _RESOURCES),
        *(Moved(kind, f"{kind}Id", "ResourceId") for kind in _RESOURCES),
        *(Moved(kind, f"Indirect{kind}Id", "WorkId") for kind in _RESOURCES),
        *(
            Moved(kind, f"Technical{kind}Details", "TechnicalDetails")
            for kind in _RESOURCES
        ),
        *(Moved(kind, "ResourceContributor", "Contributor") for kind in _RESOURCES),
        *(
            Moved(kind, "RightsController", "ResourceRightsController")
            for kind in _RESOURCES
        ),
        Moved("ResourceGroup", "ResourceContributor", "Contributor"),
        Moved("PurgedRelease", "ResourceContributor", "Contributor"),
        Moved("Contributor", "ResourceContributorRole", "Role"),
        Moved("Contributor", "IsFeaturedArtist", "HasMadeFeaturedContribution"),
        Moved("Contributor", "IsContractedArtist", "HasMadeContractedContribution"),
        Moved("Character", "ResourceContributor", "Performer"),
        Moved("File", "HashSum/HashSumAlgorithmType", "HashSum/Algorithm"),
        Moved("File", "HashSum/HashSum", "HashSum/HashSumValue"),
        Moved("File", "HashSum/HashSumDataType", "HashSum/DataType"),
        Moved("File", "URL", "URI"),
        Moved("AvRating", "RatingText", "Rating"),
        Moved("AvRating", "RatingAgency", "Agency"),
        Moved("AvRating", "RatingReason", "Reason"),
        Moved("PriceInformation", "PriceType", "PriceCode"),
        Moved("PriceInformation", "PriceRangeType", "PriceCode", is_only_upward=True),
        Moved("PriceInformation", "Description", "PriceCode", is_only_upward=True),
        Moved(
            "DealTerms",
            "PreOrderPreviewDate",
            "ReleaseDisplayStartDate",
            is_only_upward=True,
        ),
        Moved(
            "DealTerms",
            "PreOrderPreviewDateTime",
            "ReleaseDisplayStartDateTime",
            is_only_upward=True,
        ),
        Moved(
            "CueSheetList", "CueSheet/Cue/ReferenceTitle", "CueSheet/Cue/DisplayTitle"
        ),
    ),
    ("4.1", "4.2"): (
        Moved("ResourceRightsController", "RightsControllerRole", "RightsControlType"),
        Moved("WorkRightsController", "RightsControllerRole", "RightsControlType"),
        Moved("Release", "IsCompilation", "IsSingleArtistCompilation"),
    ),
    ("4.2", "4.3"): (
        *(Moved(kind, "ResourceId", f"{kind}Edition/ResourceId") for kind in _MADE),
        *(Moved(kind, "PLine", f"{kind}Edition/PLine") for kind in _MADE),
        Moved("Video", "CLine", "VideoEdition/CLine"),
        Moved(
            "SoundRecording",
            "AudioChannelConfiguration",
            "SoundRecordingEdition/RecordingMode",
        ),
        *(
            Moved(f"{kind}/TechnicalDetails", name, f"DeliveryFile/{name}")
            for kind, names in _DETAILS.items()
            for name in names
        ),
        Moved("TechnicalDetails", "IsPreview", "IsClip"),
        Moved("TechnicalDetails", "PreviewDetails", "ClipDetails"),
        *(
            Moved(f"{kind}/TechnicalDetails/ClipDetails", older, f"Timing/{newer}")
            for kind in _MADE
            for older, newer in (
                ("StartPoint", "StartPoint"),
                ("EndPoint", "EndPoint"),
                ("Duration", "DurationUsed"),
            )
        ),
        *(
            Moved(kind, "TechnicalDetails", f"{kind}Edition/TechnicalDetails")
            for kind in _MADE
        ),
    ),
    ("4.3", "4.3.2"): (
        *(
            Moved(kind, "Genre", "DisplayGenre")
            for kind in ("Release", "TrackRelease", "ClipRelease")
        ),
    ),
}

# Children that hold an element's text in the versions in which it has children.
TEXT_HOLDERS: Final = (
    *("Value", "FullName", "TitleText", "GenreText", "FulfillmentDate"),
)

# Values that go by another name elsewhere, by set of allowed values. Newer and older
# names stand side by side: that one is taken which the version has.
SAME_VALUES: Final[dict[str, dict[str, str]]] = {
    "avs:VideoType_ERN43": {
        **dict.fromkeys(
            ("ShortFormMusicalWorkVideo", "MusicalWorkVideo", "LyricVideo", "Karaoke"),
            "ShortFormMusicalWorkVideo",
        ),
        "NonMusicalWorkVideo": "ShortFormNonMusicalWorkVideo",
        "ConcertVideo": "LongFormMusicalWorkVideo",
    },
    "avs:AllTerritoryCode": {"Worldwide": "2136"},
    "avs:LinkDescription": {"FrontCoverImage": "CoverArt", "CoverArtImage": "CoverArt"},
}

# The release profiles: what the names of 3.x are in 4.x, told by the last part.
PROFILES_OF_3: Final = {
    "AudioAlbum": ("Audio", ""),
    "AudioAlbumMusicOnly": ("Audio", ""),
    "AudioAlbumMusicAndBooklet": ("Audio", ""),
    "AudioBook": ("Audio", ""),
    "AudioSingle": ("Audio", ""),
    "ClassicalAudioAlbum": ("Audio", "Classical"),
    "DigitalClassicalAudioAlbum": ("Audio", "Classical"),
    "DigitalBoxedSet": ("MixedMedia", "BoxedSet"),
    "ClassicalDigitalBoxedSet": ("MixedMedia", "BoxedSet Classical"),
    "DjMix": ("DjMix", ""),
    "LongFormMusicalWorkVideo": ("LongFormMusicalWorkVideo", ""),
    "MixedMediaBundle": ("MixedMedia", ""),
    "MixedMedia": ("MixedMedia", ""),
    "Ringtone": ("Ringtone", ""),
    "SimpleAudioSingle": ("SimpleAudioSingle", ""),
    "SingleResourceRelease": ("SimpleAudioSingle", ""),
    "SimpleVideoSingle": ("SimpleVideoSingle", ""),
    "VideoAlbum": ("Video", ""),
    "VideoSingle": ("Video", ""),
}
PROFILES_OF_4: Final = {
    ("Audio", ""): "AudioAlbumMusicOnly",
    ("Audio", "Classical"): "ClassicalAudioAlbum",
    ("MixedMedia", "BoxedSet"): "DigitalBoxedSet",
    ("MixedMedia", "BoxedSet Classical"): "ClassicalDigitalBoxedSet",
    ("MixedMedia", ""): "MixedMediaBundle",
    ("SimpleAudioSingle", ""): "SimpleAudioSingle",
    ("SimpleVideoSingle", ""): "SimpleVideoSingle",
    ("Video", ""): "VideoAlbum",
    ("Ringtone", ""): "Ringtone",
    ("DjMix", ""): "DjMix",
    ("LongFormMusicalWorkVideo", ""): "LongFormMusicalWorkVideo",
}
PROFILE_PREFIX_OF_3: Final = "CommonReleaseTypes/14/"

# What is supplied where the version demands it and nothing tells: by element, or by
# parent and element. What says that something is not known comes before what claims.
DEFAULTS: Final = {
    "ParentalWarningType": "Unknown",
    "Genre": "Unknown",
    "DisplayGenre": "Unknown",
    "GenreText": "Unknown",
    "Party/PartyName": "Unknown",
    "Release/ResourceOmissionReason": "UserDefined",
    "MessageCreatedDateTime": "{created_at}",
    # No DPIDs that are given: of an unknown sender, and of another unknown party.
    "MessageSender/PartyId": "PADPIDA0000000000X",
    "MessageRecipient/PartyId": "PADPIDA0000000001X",
    "PeriodWithStartDate/StartDate": "{created_on}",
    "ValidityPeriod/StartDate": "{created_on}",
    "DisplayArtistRole": "MainArtist",
    "ArtistRole": "MainArtist",
    "ReleaseType": "Unknown",
    "LabelName": "Unknown",
    "SoundRecording/Type": "Unknown",
    "ClipType": "Preview",
    "ExpressionType": "Informative",
    "StartPoint": "0",
    "AudioDeliveryFile/Type": "AudioFile",
    "DeliveryFile/Type": "AudioFile",
    "TerritoryCode": "Worldwide",
    "TechnicalResourceDetailsReference": "",
    "SoundRecordingEdition": "",
    "VideoEdition": "",
}
# Why some things cannot be said, by element or attribute; else only that they cannot.
REASONS: Final = {
    "TakeDown": "a takedown is said by leaving the deal out",
    "AllDealsCancelled": "a takedown is said by leaving the deal out",
    "ExcludedTerritoryCode": "a value holds for one territory or for all",
    "UpdateIndicator": "every message replaces what was said before",
    "BusinessProfileVersionId": "there are no business profiles",
    "DistributionChannelType": "a deal says its use, not the way to the consumer",
    "EffectiveDate": "a deal says from when it holds",
    "PartyReference": "parties are described where they are credited",
    "IsEan": "the number tells",
}

# What is never dropped for want of something: that is supplied, and reported; unless
# it lacks the one child that says what it is about.
KEPT_WHOLE: Final = {
    **dict.fromkeys(_RESOURCES, ""),
    **dict.fromkeys(("Release", "Party", "Deal", "DealTerms", "PLine", "CLine"), ""),
    **dict.fromkeys(("DisplayArtist", "Contributor"), ""),
    "TrackRelease": "ReleaseResourceReference",
    "ClipRelease": "ReleaseResourceReference",
    "ReleaseDeal": "DealReleaseReference",
}
DEFAULT_ATTRIBUTES: Final = {
    "@LanguageAndScriptCode": "und",
    "@ResourceGroupType": "Component",
    "@Namespace": "{sender}",
    "@CurrencyCode": "XXX",
    "@ReleaseProfileVersionId": "Audio",
}
LEAST_BY_PATTERN: Final = {
    "PADPIDA": "PADPIDA0000000000X",
    "[0-9]{4}(-": "{created_on}",
    "[a-zA-Z]{2,3}": "und",
    "[0-9]+,[0-9]+": "0,0",
    "[0-9]{11}": "00000000000",
    "AudioFile": "AudioFile",
}
LEAST_BY_BASE: Final = {
    "xs:boolean": "false",
    "xs:integer": "0",
    "xs:decimal": "0",
    "xs:duration": "PT0S",
    "xs:dateTime": "{created_at}",
    "xs:gYear": "{year}",
}
