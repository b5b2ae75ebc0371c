"""The protobuf classes of Firestore's protocol, unwrapped from their proto-plus shells.

Reserved words carry an underscore in these classes: `StructuredQuery.from_`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from google.cloud.firestore_v1 import types
from google.protobuf.timestamp_pb2 import Timestamp as _Timestamp

# The protobuf runtime ships no types: a message is named by its parameter instead.
Message: TypeAlias = Any

Timestamp = _Timestamp

ArrayValue = types.ArrayValue.pb()
Document = types.Document.pb()
ListenResponse = types.ListenResponse.pb()
Value = types.Value.pb()
Write = types.Write.pb()
WriteResult = types.WriteResult.pb()


def request_class(method: str) -> Any:
    """Return the request class of *method*, such as ``"RunQuery"``."""
    return getattr(types, f"{method}Request").pb()


def response_class(method: str) -> Any:
    """Return the response class of *method*, such as ``"RunQuery"``."""
    return getattr(types, f"{method}Response").pb()
