"""The one call of IAM that signing needs: `signBlob` ("IAM Credentials API")."""

from __future__ import annotations

import base64
import binascii
import re

from aiohttp import web

from .errors import InvalidError
from .keys import KeyRing
from .resources import unquoted
from .uploads import parsed_resource

PATH = re.compile(r"/v1/projects/[^/]+/serviceAccounts/([^/:]+):signBlob")


async def sign_blob(keys: KeyRing, request: web.Request, email: str) -> web.Response:
    """Sign the payload with the key of *email*, still percent-encoded.

    Raises:
        NotFoundError: no key file is of that account.
        InvalidError: the payload is not base64.
    """
    body = parsed_resource(await request.read())
    try:
        payload = base64.b64decode(body["payload"], validate=True)
    except (KeyError, TypeError, binascii.Error) as exc:
        raise InvalidError("the payload is not base64") from exc
    key_id, signature = keys.sign(unquoted(email), payload)
    return web.json_response(
        {"keyId": key_id, "signedBlob": base64.b64encode(signature).decode("ascii")}
    )
