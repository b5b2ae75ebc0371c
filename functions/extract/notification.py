"""What Cloud Storage tells when an object was written."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain.errors import InvalidInputError


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

    @property
    def uri(self) -> str:
        return f"gs://{self.bucket}/{self.name}"

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
