"""Everything that differs between places, read from the environment once."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One field is one variable: `database_url` is `LINERNOTES_DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="LINERNOTES_", frozen=True)

    environment: str = Field("local", description="Where this runs: local, prod …")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is logged at least."
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="PostgreSQL as the app role: postgresql+pg8000://…",
    )
    database_pool_size: int = Field(
        4, ge=1, le=64, description="Connections one instance keeps."
    )
    bus_url: str = Field("", description="Where events go: pubsub://<project>")
    documents_url: str = Field(
        "", description="Where documents are mirrored: firestore://<project>"
    )
    uploads_url: str = Field("", description="The bucket people upload to: gs://…")
    resources_url: str = Field("", description="The bucket of artwork and such: gs://…")
    exports_url: str = Field("", description="The bucket of written files: gs://…")
    signer: Literal["key", "iam"] = Field(
        "key",
        description="How URLs are signed: with a key file, or by IAM's signBlob.",
    )
    signer_key_file: str = Field(
        "", description="The service account file that signs, where signer is key."
    )
    api_key_pepper: SecretStr = Field(
        SecretStr(""), description="What API keys are hashed with."
    )
    api_cors_origins: str = Field(
        "", description="Origins that browsers may call the API from, comma-separated."
    )
    audio_analysis: bool = Field(
        True, description="Whether enrich listens to recordings."
    )
    audio_timing: Literal["realtime", "batch"] = Field(
        "realtime",
        description="When files are listened to, for tenants without a setting: as "
        "they come, or when there is time.",
    )
    audio_batch_size: int = Field(
        8,
        ge=1,
        description="How many files of one tenant's batch are under way at once.",
    )
    audio_models: str = Field(
        "",
        description="Names of the models that guess genre and mood, comma-separated; "
        "none: those that come with the code.",
    )
    audio_trial_models: str = Field(
        "", description="Names of models that are tried against them."
    )
    audio_trial_share: float = Field(
        0.0,
        ge=0,
        le=1,
        description="The share of recordings that believe the models on trial.",
    )
    ddex_schema_dir: str = Field(
        "",
        description="A folder with your own licensed DDEX schema files, which then "
        "decide what is valid; none: the tables that come with the code.",
    )
    max_upload_bytes: int = Field(
        8 * 2**30, ge=1, description="Larger objects are rejected."
    )


@cache
def settings() -> Settings:
    """Return the settings, read at the first call."""
    return Settings()
