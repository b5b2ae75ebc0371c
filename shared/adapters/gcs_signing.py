"""How URLs of Google Cloud Storage are signed: with a key, or by IAM."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import google.auth
from google.auth.transport.requests import Request
from google.oauth2 import service_account


class KeySigning:
    """Signs with the private key of a service account's file."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file
        self._credentials: service_account.Credentials | None = None

    def arguments(self) -> Mapping[str, Any]:
        if self._credentials is None:
            self._credentials = service_account.Credentials.from_service_account_file(
                str(self._key_file)
            )
        return {"credentials": self._credentials}


class IamSigning:
    """Signs as the account the function runs as, through IAM's signBlob.

    The account needs `roles/iam.serviceAccountTokenCreator` on itself.
    """

    def __init__(self) -> None:
        self._credentials: Any = None

    def arguments(self) -> Mapping[str, Any]:
        if self._credentials is None:
            self._credentials, _ = google.auth.default(
                scopes=["https://www.googleapis.com/auth/cloud-platform"]
            )
        if not self._credentials.valid:
            self._credentials.refresh(Request())
        return {
            "service_account_email": self._credentials.service_account_email,
            "access_token": self._credentials.token,
        }
