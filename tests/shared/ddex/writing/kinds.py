"""A release of every kind that is written, as the catalog would describe it."""

from __future__ import annotations

from dataclasses import replace

from shared.ddex.writing import (
    Correspondence,
    FileDescription,
    PictureDescription,
    PlaceDescription,
    RecordingDescription,
    ReleaseDescription,
)

SENDER = "PADPIDA2014120301L"
RECIPIENT = "PADPIDA2011021707Y"
ARTIST = [{"name": "Ada Quill", "role": "MainArtist"}]
CORRESPONDENCE = Correspondence(
    message_id="M-1",
    sender_dpid=SENDER,
    sender_name="Quayside Recordings",
    recipient_dpid=RECIPIENT,
    recipient_name="A Store",
    created_at="2026-11-01T12:00:00Z",
    thread_id="T-1",
)
STREAM = {
    "release": "gtin:02000000000008",
    "sender": f"ddex:{SENDER}",
    "territories": ["Worldwide"],
    "commercial_models": ["SubscriptionModel"],
    "use_types": ["OnDemandStream"],
    "starts": "2026-09-18T00:00:00Z",
}
DOWNLOAD = {
    **STREAM,
    "commercial_models": ["PayAsYouGoModel"],
    "use_types": ["PermanentDownload"],
    "excluded_territories": ["US", "CA"],
    "territories": [],
    "prices": [{"amount": "0.99", "currency": "EUR",
                "kind": "WholesalePricePerUnit"}],
}  # fmt: skip


def recording(number, **values):
    return RecordingDescription(
        id=f"00000000-0000-7000-8000-{number:012}",
        values={
            "isrc": f"QZLN926{number:05}",
            "title": f"Night Ferry {number}",
            "artists": ARTIST,
            "contributors": [
                {"name": "Ben Oar", "role": "Composer"},
                {"name": "Ben Oar", "role": "Producer"},
                {"name": "Cy Lane", "role": "AssociatedPerformer (Piano)"},
            ],
            "duration_ms": 225_500,
            "p_line": "2026 Quayside Recordings",
            "language": "en",
            "genres": ["Electronic"],
            "label": "Quayside Recordings",
            "explicit": False,
            "release_date": "2026-09-18",
            "iswc": "T0345246801",
            **values,
        },
        keys=frozenset({f"isrc:QZLN926{number:05}"}),
        file=FileDescription(
            f"resources/{number:02}.flac",
            {
                "codec": "flac",
                "sample_rate_hz": 44_100,
                "bit_depth": 16,
                "channels": 2,
                "sha256": f"{number:064x}",
                "size_bytes": 1_000_000,
            },
        ),
    )


def video(number, **values):
    found = recording(number, recording_type="ShortFormMusicalWorkVideo", **values)
    file = FileDescription(f"resources/{number:02}.mp4", {"codec": "h264"})
    return replace(found, file=file)


def places(recordings, per_medium=100):
    return tuple(
        PlaceDescription(each, at // per_medium + 1, at % per_medium + 1)
        for at, each in enumerate(recordings)
    )


COVER = PictureDescription(
    "FrontCoverImage",
    FileDescription(
        "resources/cover.jpg",
        {"width_px": 3000, "height_px": 3000, "sha256": "c" * 64},
    ),
)
STILL = PictureDescription(
    "VideoScreenCapture", FileDescription("resources/still.jpg", {"sha256": "d" * 64})
)


def release(kind, placed, **values):
    return ReleaseDescription(
        id="00000000-0000-7000-8000-00000000000r",
        values={
            "gtin": "02000000000008",
            "title": "Tidewater",
            "artists": ARTIST,
            "release_type": kind,
            "label": "Quayside Recordings",
            "genres": ["Electronic", "Ambient"],
            "p_line": "2026 Quayside Recordings",
            "c_line": "2026 Quayside Recordings",
            "release_date": "2026-09-18",
            "original_release_date": "2026-09-18",
            "explicit": False,
            **values,
        },
        correspondence=CORRESPONDENCE,
        places=placed,
        pictures=(COVER,),
        deals=(STREAM, DOWNLOAD),
    )


def album():
    found = release("Album", places([recording(n) for n in range(1, 4)]))
    single = {**DOWNLOAD, "recording": "isrc:QZLN92600002"}
    return replace(found, deals=(*found.deals, single))


def ep():
    return release("EP", places([recording(n) for n in range(1, 5)]))


def single():
    return release("Single", places([recording(1)]))


def ringtone():
    related = [{"type": "IsReleaseFromRelease", "gtin": "00036000291452"}]
    return release("RingtoneRelease", places([recording(1)]), related_releases=related)


def video_single():
    found = release("VideoSingle", places([video(1)]))
    return replace(found, pictures=(STILL,))


def video_album():
    found = release("VideoAlbum", places([video(1), video(2)]))
    return replace(found, pictures=(COVER, STILL))


def box_set():
    titles = ("Harbour", "Estuary")
    sections = [
        {
            "type": "ReleaseComponent",
            "medium_number": medium,
            "title": title,
            "gtin": gtin,
        }
        for medium, title, gtin in zip(
            (1, 2), titles, ("00036000291452", "04006381333931"), strict=True
        )
    ]
    return release(
        "DigitalBoxSetRelease",
        places([recording(n) for n in range(1, 5)], per_medium=2),
        sections=sections,
    )


def classical():
    sections = [
        {
            "type": "MultiWorkPart",
            "medium_number": 1,
            "first_track": first,
            "last_track": first + 1,
            "title": title,
        }
        for first, title in ((1, "Sonata No. 1"), (3, "Sonata No. 2"))
    ]
    return release(
        "ClassicalAlbum",
        places([recording(n) for n in range(1, 5)]),
        sections=sections,
    )


def dj_mix():
    parts = [
        {"recording": f"isrc:QZLN9260000{n}", "start_ms": n * 60_000,
         "duration_ms": 61_000}
        for n in (2, 3)
    ]  # fmt: skip
    found = release("DjMix", places([recording(1, parts=parts)]))
    further = tuple(replace(recording(n), file=None) for n in (2, 3))
    return replace(found, further=further)


def pre_order():
    shown = "2026-08-01T00:00:00Z"
    before = {
        **DOWNLOAD,
        "starts": "2026-08-01T00:00:00Z",
        "ends": "2026-09-18T00:00:00Z",
        "is_pre_order": True,
        "instant_gratification": ["isrc:QZLN92600001"],
        "release_display_from": shown,
        "cover_shown_from": shown,
        "tracks_listed_from": shown,
        "clips_played_from": shown,
    }
    found = release("Album", places([recording(n) for n in range(1, 4)]))
    first, *others = found.places
    given = replace(first, is_instant_gratification=True)
    return replace(found, places=(given, *others), deals=(before, *found.deals))


KINDS = {
    made.__name__: made
    for made in (
        album,
        ep,
        single,
        ringtone,
        video_single,
        video_album,
        box_set,
        classical,
        dj_mix,
        pre_order,
    )
}
