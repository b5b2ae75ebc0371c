"""What is answered about messages that were sent in to be checked."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field


class MessageFindingAnswer(BaseModel):
    """One thing that is wrong with a message."""

    code: str = Field(examples=["ERN-L13"])
    level: Literal["FATAL", "ERROR", "WARNING", "INFO"]
    line: int
    column: int
    xpath: str
    value: str
    message: str
    source: str
    status: str
    fix: str


class ValidationAnswer(BaseModel):
    """A message that was sent in to be checked, and what is wrong with it."""

    id: UUID
    status: Literal["requested", "done"]
    requested_at: AwareDatetime
    finished_at: AwareDatetime | None
    version: str = ""
    message: str = ""
    profile: str = ""
    schema_valid: bool | None = None
    findings: list[MessageFindingAnswer] = Field(default_factory=list)
