"""Signed URLs, checked as strictly as the service checks them.

V4 after "Canonical requests" and "Signatures" of the Cloud Storage documentation
(`GOOG4-RSA-SHA256`), V2 after "V2 signing process". A request without a signature is
let through: on one machine everybody may do everything, but who signs must sign well.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote

from multidict import CIMultiDict, CIMultiDictProxy

from .errors import ExpiredError, ForbiddenError, InvalidError, SignatureError
from .keys import KeyRing

ALGORITHM = "GOOG4-RSA-SHA256"
_LONGEST_SECONDS = 7 * 24 * 3600
_CLOCK_SKEW_SECONDS = 15 * 60
# Sub-resources that V2 signs as part of the resource.
_V2_SUBRESOURCES = (
    "acl", "billing", "compose", "cors", "encryption", "encryptionConfig",
    "lifecycle", "location", "logging", "storageClass", "tagging", "versioning",
    "versions", "website", "uploads", "uploadId", "partNumber",
)  # fmt: skip

Headers = CIMultiDict[str] | CIMultiDictProxy[str]


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """The parts of a request that a signature covers, as they came over the wire."""

    method: str
    raw_path: str
    raw_query: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks signed URLs against the keys of *keys*."""

    keys: KeyRing
    now: Callable[[], float] = time.time

    def check(self, request: SignedRequest) -> bool:
        """Return whether *request* is signed, and well.

        Raises:
            SignatureError: the signature is not over this request.
            ExpiredError: it was, once.
            ForbiddenError: it is not valid yet.
            InvalidError: its parameters are malformed.
        """
        query = dict(parse_qsl(request.raw_query, keep_blank_values=True))
        if "X-Goog-Signature" in query:
            self._check_v4(request, query)
        elif "Signature" in query and "GoogleAccessId" in query:
            self._check_v2(request, query)
        else:
            return False
        return True

    def _check_v4(self, request: SignedRequest, query: dict[str, str]) -> None:
        email, scope = self._v4_parameters(query)
        signed_names = query["X-Goog-SignedHeaders"].split(";")
        _require_signed_headers(request.headers, signed_names)
        text = "\n".join(
            [
                ALGORITHM,
                query["X-Goog-Date"],
                scope,
                hashlib.sha256(
                    _canonical_request(request, signed_names).encode()
                ).hexdigest(),
            ]
        )
        self.keys.verify(email, text.encode(), _unhex(query["X-Goog-Signature"]))

    def _v4_parameters(self, query: dict[str, str]) -> tuple[str, str]:
        needed = ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders")
        missing = [f"X-Goog-{n}" for n in needed if f"X-Goog-{n}" not in query]
        if missing:
            raise InvalidError("the signed URL lacks parameters", missing=missing)
        if query["X-Goog-Algorithm"] != ALGORITHM:
            raise InvalidError(
                "unknown signing algorithm", value=query["X-Goog-Algorithm"]
            )
        email, _, scope = query["X-Goog-Credential"].partition("/")
        require_scope(scope, query["X-Goog-Date"])
        self._require_in_time(query["X-Goog-Date"], query["X-Goog-Expires"])
        return email, scope

    def _require_in_time(self, date: str, expires: str) -> None:
        signed_at = timestamp(date)
        if not expires.isdecimal() or not 0 < int(expires) <= _LONGEST_SECONDS:
            raise InvalidError("X-Goog-Expires is out of range", value=expires)
        if self.now() < signed_at - _CLOCK_SKEW_SECONDS:
            raise ForbiddenError("the signed URL is not valid yet", date=date)
        if self.now() > signed_at + int(expires):
            raise ExpiredError("the provided token has expired", signed_at=date)

    def _check_v2(self, request: SignedRequest, query: dict[str, str]) -> None:
        expires = query.get("Expires", "")
        if not expires.isdecimal():
            raise InvalidError("Expires is not a time", value=expires)
        if self.now() > int(expires):
            raise ExpiredError("the provided token has expired", expires=expires)
        try:
            signature = base64.b64decode(query["Signature"], validate=True)
        except binascii.Error as exc:
            raise SignatureError("the signature is not base64") from exc
        text = _v2_text(request, query)
        self.keys.verify(query["GoogleAccessId"], text.encode(), signature)


def timestamp(date: str) -> float:
    """Return the Unix time of *date*, such as `20261121T120000Z`.

    Raises:
        InvalidError: *date* has another form.
    """
    try:
        moment = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as exc:
        raise InvalidError("not a date", value=date) from exc
    return moment.timestamp()


def require_scope(scope: str, date: str) -> None:
    """Check a credential's scope: `DATE/LOCATION/storage/goog4_request`.

    Raises:
        InvalidError: it has another form, or another date than *date*.
    """
    parts = scope.split("/")
    if len(parts) != 4 or parts[2:] != ["storage", "goog4_request"]:
        raise InvalidError("malformed credential scope", scope=scope)
    if parts[0] != date[:8]:
        raise InvalidError("the credential is of another day", scope=scope)


def _require_signed_headers(headers: Headers, signed_names: list[str]) -> None:
    if "host" not in signed_names:
        raise InvalidError("the host header has to be signed")
    unsigned = sorted(
        {name.lower() for name in headers if name.lower().startswith("x-goog-")}
        - set(signed_names)
    )
    if unsigned:
        raise SignatureError("headers were sent that are not signed", headers=unsigned)


def _canonical_request(request: SignedRequest, signed_names: list[str]) -> str:
    headers = "".join(
        f"{name}:{_header_value(request.headers, name)}\n" for name in signed_names
    )
    return "\n".join(
        [
            request.method,
            quote(unquote(request.raw_path), safe="/~-_."),
            _canonical_query(request.raw_query),
            headers,
            ";".join(signed_names),
            request.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD"),
        ]
    )


def _header_value(headers: Headers, name: str) -> str:
    return ",".join(" ".join(value.split()) for value in headers.getall(name, []))


def _canonical_query(raw_query: str) -> str:
    pairs = []
    for item in raw_query.split("&"):
        name, _, value = item.partition("=")
        if item and name != "X-Goog-Signature":
            pairs.append((_requote(name), _requote(value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _requote(text: str) -> str:
    return quote(unquote(text.replace("+", "%20")), safe="-_.~")


def _unhex(signature: str) -> bytes:
    try:
        return binascii.unhexlify(signature)
    except (binascii.Error, ValueError) as exc:
        raise SignatureError("the signature is not hexadecimal") from exc


def _v2_text(request: SignedRequest, query: dict[str, str]) -> str:
    extensions = sorted(
        {name.lower() for name in request.headers}
        - {"x-goog-encryption-key", "x-goog-encryption-key-sha256"}
    )
    lines = [
        request.method,
        request.headers.get("Content-MD5", ""),
        request.headers.get("Content-Type", ""),
        query["Expires"],
    ]
    lines += [
        f"{name}:{_header_value(request.headers, name)}"
        for name in extensions
        if name.startswith("x-goog-")
    ]
    return "\n".join([*lines, _v2_resource(request.raw_path, query)])


def _v2_resource(raw_path: str, query: dict[str, str]) -> str:
    parts = [
        f"{name}={query[name]}" if query[name] else name
        for name in sorted(_V2_SUBRESOURCES)
        if name in query
    ]
    return raw_path + ("?" + "&".join(parts) if parts else "")
