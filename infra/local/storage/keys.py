"""Service-account keys: the one this machine has, and all whose signatures count.

A key file has the form of the JSON that Google Cloud hands out, so that
`service_account.Credentials.from_service_account_file` reads it. The token address
leads nowhere: signing needs no token.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .errors import NotFoundError, SignatureError

PROJECT = "linernotes-local"
EMAIL = f"local@{PROJECT}.iam.gserviceaccount.com"
_FILE_NAME = "service-account.json"


def service_account_file(keys_dir: Path) -> Path:
    """Return the local service account's key file in *keys_dir*, made at first use.

    Only its owner can read it. Two processes that ask at once get the same key.
    """
    path = keys_dir / _FILE_NAME
    if path.exists():
        return path
    keys_dir.mkdir(parents=True, exist_ok=True)
    draft = keys_dir / f".{_FILE_NAME}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(_new_account(), indent=2), encoding="utf-8")
    try:
        # A link never replaces, so whoever comes first decides.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path


def _new_account() -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    numbers = hashes.Hash(hashes.SHA256())
    numbers.update(pem)
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": numbers.finalize().hex()[:40],
        "private_key": pem.decode("ascii"),
        "client_email": EMAIL,
        "client_id": "100000000000000000000",
        "token_uri": "http://127.0.0.1/no-token-is-needed",
        "universe_domain": "googleapis.com",
    }


class KeyRing:
    """The service accounts whose key files lie in one folder, read when asked.

    Files may be added or replaced while the server runs: a signature that no known
    key made is tried again once the folder's files are read anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._accounts: list[tuple[dict[str, Any], rsa.RSAPrivateKey]] = []

    def verify(self, email: str, text: bytes, signature: bytes) -> None:
        """Check an RSASSA-PKCS1-v1_5 signature with SHA-256.

        Raises:
            SignatureError: no key of *email* made *signature* over *text*.
        """
        if self._is_signed(email, text, signature):
            return
        self._accounts = list(self._read())
        if not self._is_signed(email, text, signature):
            raise SignatureError(
                "the request signature we calculated does not match the one provided",
                signer=email,
                string_to_sign=text.decode("utf-8", "replace"),
            )

    def sign(self, email: str, payload: bytes) -> tuple[str, bytes]:
        """Return the key id and the signature by *email* over *payload*.

        Raises:
            NotFoundError: there is no such service account.
        """
        self._accounts = list(self._read())
        for account, key in self._accounts:
            if account["client_email"] == email:
                signature = key.sign(payload, padding.PKCS1v15(), hashes.SHA256())
                return account.get("private_key_id", ""), signature
        raise NotFoundError("no such service account", email=email)

    def _is_signed(self, email: str, text: bytes, signature: bytes) -> bool:
        return any(
            _verifies(key, text, signature)
            for account, key in self._accounts
            if account["client_email"] == email
        )

    def _read(self) -> Iterator[tuple[dict[str, Any], rsa.RSAPrivateKey]]:
        for path in sorted(self._folder.glob("*.json")):
            try:
                account = json.loads(path.read_text(encoding="utf-8"))
                pem = account["private_key"].encode()
                account["client_email"]
                key = serialization.load_pem_private_key(pem, password=None)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            if isinstance(key, rsa.RSAPrivateKey):
                yield account, key


def _verifies(key: rsa.RSAPrivateKey, text: bytes, signature: bytes) -> bool:
    try:
        key.public_key().verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
