"""What Cloud Storage tells when an object was written."""

from __future__ import annotations

from typing import Self

from pydantic import (
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)

from shared.domain.errors import InvalidInputError
from shared.ports.object_store import ObjectStat


class ObjectFinalized(BaseModel):
    """The parts of the object resource (JSON API, `objects#resource`) used here.

    A bucket notification (payload JSON_API_V1) and Eventarc's direct event carry the
    same resource.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    bucket: str = Field(min_length=1)
    name: str = Field(min_length=1)
    generation: int = Field(gt=0)
    size_bytes: int = Field(alias="size", ge=0)
    content_type: str = Field("application/octet-stream", alias="contentType")
    created_at: AwareDatetime | None = Field(None, alias="timeCreated")
    crc32c: Base64Bytes | None = None
    metadata: dict[str, str] = {}

    @property
    def uri(self) -> str:
        return f"gs://{self.bucket}/{self.name}"

    @property
    def stat(self) -> ObjectStat | None:
        """What the store would tell of the object; None where it has to be asked."""
        if self.created_at is None:
            return None
        return ObjectStat(
            uri=self.uri,
            name=self.name,
            generation=self.generation,
            size_bytes=self.size_bytes,
            content_type=self.content_type,
            updated_at=self.created_at,
            crc32c=self.crc32c.hex() if self.crc32c else None,
            metadata=self.metadata,
        )

    @property
    def tenant_id(self) -> str:
        """The first segment of the name: the tenant whose folder the object is in."""
        return self.name.partition("/")[0]

    @property
    def is_folder(self) -> bool:
        """Some tools write an empty object to show a folder."""
        return self.name.endswith("/")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Return the object in *data*, or raise InvalidInputError."""
        try:
            return cls.model_validate_json(data)
        except ValidationError as exc:
            raise InvalidInputError(
                "not an object's description",
                errors=[f"{error['loc']}: {error['msg']}" for error in exc.errors()],
            ) from exc
