"""The JSON interface's calls on buckets, policies and notifications."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from .buckets import Buckets
from .errors import InvalidError
from .json_api import NO_CONTENT, Answer, Call, Route
from .keys import EMAIL
from .notifications import Notifications
from .resources import Resource

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class BucketCalls:
    """Answers calls about buckets."""

    buckets: Buckets
    notifications: Notifications

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/b", self.list_buckets),
            Route("POST", "/b", self.insert),
            Route("GET", "/b/{}", self.get),
            Route("PATCH", "/b/{}", self.patch),
            Route("PUT", "/b/{}", self.update),
            Route("DELETE", "/b/{}", self.delete),
            Route("GET", "/b/{}/iam", self.get_policy),
            Route("PUT", "/b/{}/iam", self.set_policy),
            Route("GET", "/b/{}/iam/testPermissions", self.test_permissions),
            Route("GET", "/b/{}/notificationConfigs", self.list_notifications),
            Route("POST", "/b/{}/notificationConfigs", self.insert_notification),
            Route("GET", "/b/{}/notificationConfigs/{}", self.get_notification),
            Route("DELETE", "/b/{}/notificationConfigs/{}", self.delete_notification),
            Route("GET", "/projects/{}/serviceAccount", self.service_account),
        ]

    async def list_buckets(self, call: Call) -> Answer:
        limit = min(call.number("maxResults") or _PAGE, _PAGE)
        after = _page_start(call.query.get("pageToken", ""))
        found = self.buckets.page(call.query.get("prefix", ""), after, limit + 1)
        page: Resource = {
            "kind": "storage#buckets",
            "items": [bucket.view(call.base_url) for bucket in found[:limit]],
        }
        if len(found) > limit:
            last = found[limit - 1].name
            page["nextPageToken"] = base64.urlsafe_b64encode(last.encode()).decode()
        return Answer(page)

    async def insert(self, call: Call) -> Answer:
        return Answer(self.buckets.create(call.resource()).view(call.base_url))

    async def get(self, call: Call) -> Answer:
        bucket = self.buckets.get(*call.names)
        call.conditions.require(bucket, reading=True)
        return Answer(bucket.view(call.base_url))

    async def patch(self, call: Call) -> Answer:
        (name,) = call.names
        bucket = self.buckets.patch(name, call.resource(), call.conditions)
        return Answer(bucket.view(call.base_url))

    async def update(self, call: Call) -> Answer:
        (name,) = call.names
        bucket = self.buckets.replace(name, call.resource(), call.conditions)
        return Answer(bucket.view(call.base_url))

    async def delete(self, call: Call) -> Answer:
        (name,) = call.names
        self.buckets.delete(name, call.conditions)
        return NO_CONTENT

    async def get_policy(self, call: Call) -> Answer:
        return Answer(self.buckets.iam_policy(self.buckets.get(*call.names).name))

    async def set_policy(self, call: Call) -> Answer:
        name = self.buckets.get(*call.names).name
        return Answer(self.buckets.set_iam_policy(name, call.resource()))

    async def test_permissions(self, call: Call) -> Answer:
        self.buckets.get(*call.names)
        asked = call.query.getall("permissions", [])
        return Answer(
            {
                "kind": "storage#testIamPermissionsResponse",
                "permissions": list(asked),
            }
        )

    async def list_notifications(self, call: Call) -> Answer:
        name = self.buckets.get(*call.names).name
        return Answer(
            {
                "kind": "storage#notifications",
                "items": self.notifications.of_bucket(name),
            }
        )

    async def insert_notification(self, call: Call) -> Answer:
        name = self.buckets.get(*call.names).name
        return Answer(self.notifications.create(name, call.resource()))

    async def get_notification(self, call: Call) -> Answer:
        name, number = call.names
        self.buckets.get(name)
        return Answer(self.notifications.get(name, number))

    async def delete_notification(self, call: Call) -> Answer:
        name, number = call.names
        self.buckets.get(name)
        self.notifications.delete(name, number)
        return NO_CONTENT

    async def service_account(self, call: Call) -> Answer:
        return Answer({"kind": "storage#serviceAccount", "email_address": EMAIL})


def _page_start(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token).decode()
    except (binascii.Error, UnicodeDecodeError) as exc:
        raise InvalidError("invalid page token", token=token) from exc
