"""What becomes of a message that was delivered too often.

Source of the attributes: Pub/Sub, "Handle message failures", dead-letter topics.
"""

from __future__ import annotations

from infra.local.pubsub.names import project_of, short_id
from infra.local.pubsub.wire import Proto, PubsubMessage

_PREFIX = "CloudPubSubDeadLetterSource"


def dead_letter(message: Proto, subscription: str, attempts: int) -> Proto:
    """Return the copy of *message* that goes to the dead-letter topic.

    It says which *subscription* (its full name) gave up, after how many *attempts*.
    """
    copy = PubsubMessage(
        data=message.data,
        attributes=message.attributes,
        ordering_key=message.ordering_key,
    )
    copy.attributes.update(
        {
            f"{_PREFIX}Subscription": short_id(subscription),
            f"{_PREFIX}SubscriptionProject": project_of(subscription),
            f"{_PREFIX}DeliveryCount": str(attempts),
            f"{_PREFIX}TopicPublishTime": message.publish_time.ToJsonString(),
        }
    )
    return copy
