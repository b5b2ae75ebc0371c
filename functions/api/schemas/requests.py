"""What callers send."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_Strict = ConfigDict(extra="forbid", frozen=True)


class UploadRequest(BaseModel):
    """A file that is about to be uploaded."""

    model_config = _Strict

    filename: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)
    ] = Field(examples=["01 So What.flac"])
    content_type: Annotated[
        str, StringConstraints(pattern=r"^[\w.+-]+/[\w.+-]+$", max_length=100)
    ] = Field(examples=["audio/flac"])
    size_bytes: int | None = Field(
        None, ge=1, description="Refused at once if larger than is read."
    )
    resumable: bool = Field(
        False,
        description="Ask for the start of a resumable session instead of one PUT.",
    )


class AnalyzeRequest(BaseModel):
    """Recordings to listen to again."""

    model_config = _Strict

    ids: list[UUID] = Field(min_length=1, max_length=100)


class FeaturesRequest(BaseModel):
    """Tracks, or uploaded files, to listen to again."""

    model_config = _Strict

    ids: list[UUID] = Field(
        default_factory=list, max_length=100, description="Of tracks."
    )
    uris: list[
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
    ] = Field(
        default_factory=list,
        max_length=100,
        description="Addresses of uploaded objects, as an upload tells them.",
        examples=[["gs://uploads/my-label/2026/01 So What.flac"]],
    )
    force: bool = Field(
        False, description="Also where the same bytes were heard before."
    )
    priority: Literal["realtime", "batch"] = Field(
        "realtime", description="Now, or when there is time."
    )

    @model_validator(mode="after")
    def _something(self) -> FeaturesRequest:
        if not self.ids and not self.uris:
            raise ValueError("name tracks or uploaded objects")
        return self


class RevertRequest(BaseModel):
    """How far back, and for which fields.

    With `to_version` or `record_id`: how it was then. With `fields` alone: how each
    was before a person last spoke of it.
    """

    model_config = _Strict

    to_version: int | None = Field(None, ge=1, examples=[3])
    record_id: UUID | None = None
    fields: list[str] = Field(
        default_factory=list, max_length=100, description="Only these; empty for all."
    )

    @model_validator(mode="after")
    def _one_point(self) -> RevertRequest:
        if self.to_version is not None and self.record_id is not None:
            raise ValueError("to_version and record_id exclude each other")
        if self.to_version is None and self.record_id is None and not self.fields:
            raise ValueError("name a version, a record, or fields")
        return self


class ReviewDecision(BaseModel):
    """What a person decides about a value that waited for them."""

    model_config = _Strict

    decision: Literal["accept", "correct", "dismiss"] = Field(
        description="`accept`: it is right (of a duplicate: join the two). `correct`: "
        "`value` is. `dismiss`: leave it as it is, and do not ask again."
    )
    value: Any = Field(None, description="The right value, where it is corrected.")
    lock: bool = Field(True, description="No later source may override it.")

    @model_validator(mode="after")
    def _value_where_corrected(self) -> ReviewDecision:
        if (self.decision == "correct") != (self.value is not None):
            raise ValueError("a value belongs to `correct`, and to it alone")
        return self


class Correspondent(BaseModel):
    """Who sends a delivery, or gets it."""

    model_config = _Strict

    dpid: Annotated[str, StringConstraints(pattern=r"^PADPIDA[A-Za-z0-9]{11}$")] = (
        Field(description="DDEX party id.", examples=["PADPIDA2013042401U"])
    )
    name: str = Field("", max_length=200, examples=["Quayside Recordings"])


class DeliveryRequest(BaseModel):
    """Releases to tell a partner of by DDEX messages."""

    model_config = _Strict

    release_ids: list[UUID] = Field(min_length=1, max_length=100)
    versions: list[Literal["4.3", "4.3.2", "4.2", "3.8.2"]] = Field(
        ["4.3"],
        min_length=1,
        max_length=4,
        description="Each is written; they must say the same.",
    )
    sender: Correspondent
    recipient: Correspondent
    action: Literal["deliver", "take_down", "purge"] = Field(
        "deliver", description="`take_down` tells of the release without any deal."
    )
    is_test: bool = Field(True, description="Told as a test, not as a live message.")
    with_files: bool = Field(True, description="Copy sound and pictures too.")
    allow_loss: bool = Field(
        False, description="Write a version that cannot say all that the first says."
    )
    deals_of: str = Field(
        "",
        max_length=100,
        description="Only deals that this source gave, such as `ddex:PADPIDA…`.",
    )


class ExportRequest(BaseModel):
    """A file to be written; with `ern`, a delivery of DDEX messages."""

    model_config = _Strict

    kind: Literal["recording", "release"]
    format: Literal["csv", "json", "jsonl", "xml", "ern"] = "csv"
    delivery: DeliveryRequest | None = Field(
        None, description="What to deliver; with the format `ern`, and with it alone."
    )
    filters: dict[str, str] = Field(
        default_factory=dict,
        description="As the list of that kind takes them.",
        examples=[{"label": "Columbia"}],
    )
    fields: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="Which, in order; empty: all. `+provenance` adds who says so "
        "and how surely.",
    )

    @model_validator(mode="after")
    def _delivery_where_ern(self) -> ExportRequest:
        if (self.format == "ern") != (self.delivery is not None):
            raise ValueError("`delivery` belongs to the format `ern`, and to it alone")
        if self.format == "ern" and (self.kind != "release" or self.filters):
            raise ValueError("a delivery is of releases, named by their ids")
        return self


class RedriveRequest(BaseModel):
    """How many dead letters to try again."""

    model_config = _Strict

    limit: int = Field(100, ge=1, le=1000)
