"""Who may call from a browser ("Cross-origin resource sharing").

The XML interface goes by the bucket's configuration. The JSON interface answers every
origin. A resumable session answers the origin that started it, whatever the bucket
says, since that one was decided upon when the session was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .resources import Resource

Headers = dict[str, str]

# What the service exposes by itself on session addresses.
_SESSION_EXPOSED = (
    "Content-Encoding, Content-Length, Content-Type, Date, ETag, Location, Range, "
    "X-Goog-Generation, X-Goog-Hash, X-Goog-Metageneration, X-GUploader-UploadID"
)
_SESSION_ALLOWED = (
    "Content-Type, Content-Range, Content-MD5, X-Goog-Hash, X-Goog-Resumable, "
    "X-Upload-Content-Length, X-Upload-Content-Type, Authorization"
)


def bucket_headers(
    rules: Iterable[Resource], request: Mapping[str, str], method: str
) -> Headers:
    """Return the CORS headers for a request to a bucket with *rules*, maybe none.

    Args:
        rules: The bucket's `cors` entries: origin, method, responseHeader,
            maxAgeSeconds.
        request: The request's headers.
        method: The request's method, OPTIONS for a preflight.
    """
    origin = request.get("Origin")
    if origin is None:
        return {}
    is_preflight = method == "OPTIONS"
    wanted = request.get("Access-Control-Request-Method", method)
    for rule in rules:
        allowed = _allowed_origin(rule, origin)
        methods = rule.get("method") or []
        if allowed is None or not ("*" in methods or wanted in methods):
            continue
        return _rule_headers(rule, allowed, is_preflight=is_preflight)
    return {}


def _allowed_origin(rule: Resource, origin: str) -> str | None:
    origins = rule.get("origin") or []
    if "*" in origins:
        return "*"
    return origin if origin in origins else None


def _rule_headers(rule: Resource, origin: str, *, is_preflight: bool) -> Headers:
    names = ", ".join(rule.get("responseHeader") or [])
    headers = {"Access-Control-Allow-Origin": origin}
    if origin != "*":
        headers["Vary"] = "Origin"
    if is_preflight:
        headers["Access-Control-Allow-Methods"] = ", ".join(rule.get("method") or [])
        headers["Access-Control-Max-Age"] = str(rule.get("maxAgeSeconds", 3600))
        if names:
            headers["Access-Control-Allow-Headers"] = names
    elif names:
        headers["Access-Control-Expose-Headers"] = names
    return headers


def session_headers(
    started_by: str | None, request: Mapping[str, str], method: str
) -> Headers:
    """Return the CORS headers for a session that the origin *started_by* began."""
    if started_by is None or "Origin" not in request:
        return {}
    headers = {
        "Access-Control-Allow-Origin": started_by,
        "Access-Control-Expose-Headers": _SESSION_EXPOSED,
        "Vary": "Origin",
    }
    if method == "OPTIONS":
        headers |= {
            "Access-Control-Allow-Methods": "PUT, POST, DELETE",
            "Access-Control-Allow-Headers": request.get(
                "Access-Control-Request-Headers", _SESSION_ALLOWED
            ),
            "Access-Control-Max-Age": "3600",
        }
    return headers


def json_headers(request: Mapping[str, str], method: str) -> Headers:
    """Return the CORS headers of the JSON interface: every origin, every header."""
    origin = request.get("Origin")
    if origin is None:
        return {}
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": _SESSION_EXPOSED,
        "Vary": "Origin",
    }
    if method == "OPTIONS":
        headers |= {
            "Access-Control-Allow-Methods": "DELETE, GET, HEAD, PATCH, POST, PUT",
            "Access-Control-Allow-Headers": request.get(
                "Access-Control-Request-Headers", _SESSION_ALLOWED
            ),
            "Access-Control-Max-Age": "3600",
        }
    return headers
