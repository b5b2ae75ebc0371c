"""Resource names: `projects/<project>/<kind>/<id>`.

Source: Pub/Sub, "Guidelines to name a topic, subscription, schema, or snapshot".
"""

from __future__ import annotations

import re

from infra.local.pubsub.errors import InvalidArgumentError

DELETED_TOPIC = "_deleted-topic_"

_NAME = re.compile(
    r"projects/[^/]+/(?P<kind>topics|subscriptions|schemas|snapshots)"
    r"/(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}"
)


def check_name(name: str, kind: str) -> None:
    """Refuse *name* unless it names a resource of *kind*, such as ``"topics"``."""
    found = _NAME.fullmatch(name)
    if found is None or found["kind"] != kind:
        raise InvalidArgumentError(f"Invalid [{kind}] name", name=name)


def project_of(name: str) -> str:
    return name.split("/")[1]


def short_id(name: str) -> str:
    return name.rsplit("/", 1)[-1]
