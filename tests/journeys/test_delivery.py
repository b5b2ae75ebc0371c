"""A DDEX delivery comes in, is checked, changes, is taken down, and goes out again."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import httpx
import pytest

from infra.local.samples.pictures import cover
from shared.ddex.checking import check
from shared.ddex.writing import (
    Correspondence,
    FileDescription,
    PictureDescription,
    PlaceDescription,
    RecordingDescription,
    ReleaseDescription,
    message,
    purge,
)
from shared.domain.uploads import upload_id
from tests.journeys.label import until

SENDER, STORE = "PADPIDA2014120301L", "PADPIDA2011021707Y"
_ARTIST = [{"name": "Ada Quill", "role": "MainArtist"}]
_DEAL = {
    "commercial_models": ["SubscriptionModel"],
    "use_types": ["OnDemandStream"],
    "territories": ["Worldwide"],
    "starts": "2026-01-18T00:00:00Z",
}
_DOWNLOAD = {
    **_DEAL,
    "commercial_models": ["PayAsYouGoModel"],
    "use_types": ["PermanentDownload"],
}
_LASTING = ("title", "artists", "label", "genres", "p_line", "c_line", "release_type")


def delivery(sample, picture, number=1, deals=(_DEAL, _DOWNLOAD)):
    """Return the description of the sample album, as its label would tell it."""
    common = {
        "artists": _ARTIST,
        "label": "Quayside Recordings",
        "genres": ["Electronic"],
        "p_line": "2026 Quayside Recordings",
        "explicit": False,
        "language": "en",
    }
    places = [
        PlaceDescription(
            RecordingDescription(
                id=track.isrc,
                values={
                    **common,
                    "isrc": track.isrc,
                    "title": track.title,
                    "duration_ms": round(track.duration_s * 1000),
                },
                file=FileDescription(
                    f"resources/{track.path.name}", {"sha256": _sum(track.path)}
                ),
            ),
            1,
            place,
        )
        for place, track in enumerate(sample.tracks, 1)
    ]
    return ReleaseDescription(
        id="R",
        values={
            **common,
            "gtin": sample.gtin.zfill(14),
            "title": sample.title,
            "release_type": "Album",
            "c_line": "2026 Quayside Recordings",
            "release_date": "2026-01-18",
        },
        correspondence=Correspondence(
            message_id=f"M-{number}",
            sender_dpid=SENDER,
            sender_name="Quayside Recordings",
            recipient_dpid=STORE,
            recipient_name="A Store",
            created_at=f"2026-01-0{number}T12:00:00Z",
        ),
        places=tuple(places),
        pictures=(
            PictureDescription(
                "FrontCoverImage",
                FileDescription(
                    "resources/cover.png",
                    {"sha256": hashlib.sha256(picture).hexdigest()},
                ),
            ),
        ),
        deals=deals,
    )


def _sum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def arrived(label, name, content):
    """Upload, and wait until it is taken in, or refused; a picture is not checked."""
    label.send(name, content)
    path = f"/api/uploads/{upload_id(label.uri(name))}"
    until(
        lambda: (
            (answer := label.api.get(path)).status_code == 200
            and {"published", "rejected"} & set(answer.json()["stages"])
        )
    )


@pytest.fixture
def picture():
    return cover(hue=3)


@pytest.fixture
def delivered(label, sample, picture):
    """The label, after the sample album came in with its files."""
    arrived(label, "in/resources/cover.png", picture)
    for track in sample.tracks:
        label.sent(f"in/resources/{track.path.name}", track.path.read_bytes())
    label.sent("in/M-1.xml", message(delivery(sample, picture)))
    return label


def the_release(label, gtin):
    (found,) = label.get("/api/releases", gtin=gtin.zfill(14))["items"]
    query = {"include": "deals,deliveries,messages"}
    return label.get(f"/api/releases/{found['id']}", **query)


def findings(label, release):
    return label.get(f"/api/releases/{release['id']}/findings")["items"]


def serious(found):
    return [f for f in found if f["level"] in ("fatal", "error")]


def exported(label, release, **options):
    asked = label.api.post(
        "/api/exports",
        json={
            "kind": "release",
            "format": "ern",
            "delivery": {
                "release_ids": [release["id"]],
                "sender": {"dpid": SENDER, "name": "Quayside Recordings"},
                "recipient": {"dpid": STORE, "name": "A Store"},
                **options,
            },
        },
    )
    assert asked.status_code == 202, asked.text
    path = asked.headers["location"]
    done = until(
        lambda: found if (found := label.get(path))["status"] != "requested" else None
    )
    assert done["status"] == "done", done["reason"]
    return {
        file["name"]: httpx.get(file["download_url"]).content for file in done["files"]
    }


def messages_of(written):
    return {
        name: content
        for name, content in written.items()
        if name.endswith(".xml") and "BatchComplete" not in name
    }


def test_a_delivery_enters_the_catalog_with_deals_and_without_faults(delivered, sample):
    release = the_release(delivered, sample.gtin)

    assert release["title"] == sample.title
    assert len(release["deals"]) == 2
    assert [d["state"] for d in release["deliveries"]] == ["offered"]
    assert [m["message_id"] for m in release["messages"]] == ["M-1"]
    assert len(release["tracks"]) == len(sample.tracks)
    assert serious(findings(delivered, release)) == []


def test_a_delivery_goes_out_in_two_versions_and_comes_back_the_same(
    delivered, rival, sample
):
    release = the_release(delivered, sample.gtin)

    written = exported(delivered, release, versions=["4.3", "3.8.2"])

    for content in messages_of(written).values():
        assert check(content).exit_code == 0
    for name, content in sorted(written.items(), key=lambda item: ".xml" in item[0]):
        if name.startswith("ern-3.8.2/"):
            arrived(rival, name, content)
    again = the_release(rival, sample.gtin)
    assert {n: again.get(n) for n in _LASTING} == {n: release.get(n) for n in _LASTING}
    assert [t["track"]["isrc"] for t in again["tracks"]] == [
        t["track"]["isrc"] for t in release["tracks"]
    ]
    assert _terms(again) == _terms(release)


def _terms(release):
    names = ("commercial_models", "use_types", "territories", "starts")
    return sorted([deal.get(name) for name in names] for deal in release["deals"])


def test_a_deal_that_the_next_message_leaves_out_is_taken_down(
    delivered, sample, picture
):
    fewer = delivery(sample, picture, 2, deals=(_DEAL,))

    delivered.sent("in/M-2.xml", message(fewer))

    release = the_release(delivered, sample.gtin)
    assert [d["use_types"] for d in release["deals"]] == [["OnDemandStream"]]
    codes = {f["code"] for f in findings(delivered, release)}
    assert "ERN-X14" in codes
    gone = [u for u in delivered.updates() if u["data"]["action"] == "deleted"]
    assert [u["data"]["kind"] for u in gone] == ["deal"]


def test_a_message_without_deals_takes_the_release_down(delivered, sample, picture):
    delivered.sent("in/M-2.xml", message(delivery(sample, picture, 2, deals=())))

    release = the_release(delivered, sample.gtin)
    assert release["deals"] == []
    assert [d["state"] for d in release["deliveries"]] == ["taken_down"]


def test_a_purge_leaves_a_tombstone(label, sample, picture):
    told = delivery(sample, picture)
    label.sent("in/M-1.xml", message(told))
    release = the_release(label, sample.gtin)
    again = replace(told, correspondence=delivery(sample, picture, 2).correspondence)

    label.sent("in/M-2.xml", purge(again))

    assert label.api.get(f"/api/releases/{release['id']}").status_code == 410
    assert label.get("/api/releases")["items"] == []


def test_what_a_partner_answers_is_shown_at_the_release(delivered, sample):
    release = the_release(delivered, sample.gtin)
    written = exported(delivered, release)
    (content,) = messages_of(written).values()
    sent = content.decode().partition("<MessageId>")[2].partition("<")[0]

    delivered.sent("ack/ACK_1.xml", _acknowledgement(sent, sample.gtin))

    found = until(
        lambda: [
            f
            for f in findings(delivered, release)
            if f["value"] == "SignatureOrHashSumWrongOrMissing"
        ]
    )
    assert found[0]["code"] == "ERN-S22"
    assert found[0]["level"] == "error"


def _acknowledgement(message_id, gtin):
    return f"""<c:AcknowledgementMessage xmlns:c="http://ddex.net/xml/ern-c-sftp/18"
      AvsVersionId="9"><MessageHeader><MessageId>A-1</MessageId>
      <MessageSender><PartyId>{STORE}</PartyId></MessageSender>
      <MessageRecipient><PartyId>{SENDER}</PartyId></MessageRecipient>
      <MessageCreatedDateTime>2026-01-02T12:00:00Z</MessageCreatedDateTime>
      </MessageHeader><ReleaseStatus><ReleaseId><ICPN>{gtin}</ICPN></ReleaseId>
      <ReleaseStatus>ProcessingErrorAtReleaseDistributor</ReleaseStatus>
      <Acknowledgement><MessageType>NewReleaseMessage</MessageType>
      <MessageId>{message_id}</MessageId><MessageStatus>
      <Status>SignatureOrHashSumWrongOrMissing</Status></MessageStatus>
      </Acknowledgement></ReleaseStatus></c:AcknowledgementMessage>""".encode()


def test_a_message_sent_in_is_checked_at_once(label, sample, picture):
    broken = message(delivery(sample, picture)).replace(b"MainArtist", b"Main", 1)

    answer = label.api.post(
        "/api/validate",
        content=broken,
        headers={"content-type": "application/xml"},
    )

    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert told["version"] == "4.3"
    assert told["schema_valid"] is False
    assert "ERN-A03" in {finding["code"] for finding in told["findings"]}


def test_deliveries_are_replayed_to_the_last_byte(delivered, sample, picture):
    from shared.adapters.postgres.engine import open_engine
    from shared.adapters.postgres.replay import replay

    delivered.sent("in/M-2.xml", message(delivery(sample, picture, 2, deals=(_DEAL,))))
    until(lambda: delivered.cloud.under_way() == {})
    engine = open_engine(delivered.cloud.stack.admin_url)

    report = replay(engine, delivered.tenant)

    engine.dispose()
    assert report.is_exact
