"""The identity that pushes carry: OpenID Connect tokens, signed RS256.

Source: Pub/Sub, "Authentication for push subscriptions"; RFC 7519, RFC 7517.
"""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://accounts.google.com"

_KEY_ID = "local"
_LIFETIME_S = 3600
_RENEWED_S = 300


class TokenSigner:
    """Signs with a key of its own, made at first use and kept in *directory*."""

    def __init__(self, directory: Path | None) -> None:
        self._path = None if directory is None else directory / "push-key.pem"
        self._private: rsa.RSAPrivateKey | None = None
        self._tokens: dict[tuple[str, str], tuple[int, str]] = {}

    def token(self, email: str, audience: str) -> str:
        """Return a token that says *email* calls *audience*, good for five minutes."""
        now_s = int(time.time())
        expires_s, token = self._tokens.get((email, audience), (0, ""))
        if expires_s - now_s < _RENEWED_S:
            expires_s = now_s + _LIFETIME_S
            token = self._signed(
                {
                    "iss": ISSUER,
                    "aud": audience,
                    "azp": email,
                    "sub": email,
                    "email": email,
                    "email_verified": True,
                    "iat": now_s,
                    "exp": expires_s,
                }
            )
            self._tokens[email, audience] = (expires_s, token)
        return token

    def certificates(self) -> dict[str, str]:
        """Return the public key as PEM by key id, as Google's `/oauth2/v1/certs`."""
        public = self._key().public_key()
        pem = public.public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
        return {_KEY_ID: pem.decode()}

    def key_set(self) -> dict[str, list[dict[str, str]]]:
        """Return the public key as a JSON Web Key Set, as `/oauth2/v3/certs`."""
        numbers = self._key().public_key().public_numbers()
        key = {
            "kid": _KEY_ID,
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "n": _unpadded(numbers.n.to_bytes(numbers.n.bit_length() + 7 >> 3)),
            "e": _unpadded(numbers.e.to_bytes(numbers.e.bit_length() + 7 >> 3)),
        }
        return {"keys": [key]}

    def _signed(self, claims: dict[str, object]) -> str:
        header = {"alg": "RS256", "kid": _KEY_ID, "typ": "JWT"}
        signed = ".".join(
            _unpadded(json.dumps(part).encode()) for part in (header, claims)
        )
        signature = self._key().sign(
            signed.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        return f"{signed}.{_unpadded(signature)}"

    def _key(self) -> rsa.RSAPrivateKey:
        if self._private is None:
            self._private = self._read() or self._made()
        return self._private

    def _read(self) -> rsa.RSAPrivateKey | None:
        if self._path is None or not self._path.exists():
            return None
        key = serialization.load_pem_private_key(self._path.read_bytes(), None)
        return key if isinstance(key, rsa.RSAPrivateKey) else None

    def _made(self) -> rsa.RSAPrivateKey:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if self._path is not None:
            self._path.touch(mode=0o600)
            self._path.write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
        return key


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
