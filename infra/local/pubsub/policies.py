"""What a subscription's settings mean for delivery, checked and in seconds.

Source of limits and defaults: google.pubsub.v1.Subscription.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.filters import Filter, parse_filter
from infra.local.pubsub.wire import Proto

_DAY_S = 86_400.0
_RETENTION_S = 7 * _DAY_S
# A push without a retry policy backs off by itself.
_PUSH_BACKOFF_S = (0.1, 60.0)
_RETRY_BACKOFF_S = (10.0, 600.0)


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    ack_deadline_s: float
    retention_s: float
    retain_acked: bool
    ordered: bool
    exactly_once: bool
    filter: Filter | None
    dead_letter_topic: str
    max_attempts: int
    backoff_range_s: tuple[float, float]

    @classmethod
    def of(cls, subscription: Proto, backoff_scale: float = 1.0) -> DeliveryPolicy:
        """Return the policy that *subscription* states; fill in what it leaves out.

        Every backoff is multiplied by *backoff_scale*.

        Raises:
            InvalidArgumentError: a setting is out of range.
        """
        _fill_in(subscription)
        _check(subscription)
        dead = subscription.dead_letter_policy
        low_s, high_s = _backoff_range_s(subscription)
        return cls(
            ack_deadline_s=float(subscription.ack_deadline_seconds),
            retention_s=_seconds(subscription.message_retention_duration),
            retain_acked=subscription.retain_acked_messages,
            ordered=subscription.enable_message_ordering,
            exactly_once=subscription.enable_exactly_once_delivery,
            filter=parse_filter(subscription.filter) if subscription.filter else None,
            dead_letter_topic=dead.dead_letter_topic,
            max_attempts=dead.max_delivery_attempts if dead.dead_letter_topic else 0,
            backoff_range_s=(low_s * backoff_scale, high_s * backoff_scale),
        )

    def backoff_s(self, attempts: int) -> float:
        """Return the wait after the *attempts*-th failure: doubling, up to the top."""
        low_s, high_s = self.backoff_range_s
        return min(high_s, low_s * 2.0 ** min(attempts - 1, 30))


def _fill_in(subscription: Proto) -> None:
    subscription.ack_deadline_seconds = subscription.ack_deadline_seconds or 10
    if not subscription.HasField("message_retention_duration"):
        subscription.message_retention_duration.seconds = int(_RETENTION_S)
    dead = subscription.dead_letter_policy
    if dead.dead_letter_topic and not dead.max_delivery_attempts:
        dead.max_delivery_attempts = 5


def _check(subscription: Proto) -> None:
    _within("ack_deadline_seconds", subscription.ack_deadline_seconds, 10, 600)
    _within(
        "message_retention_duration",
        _seconds(subscription.message_retention_duration),
        600,
        31 * _DAY_S,
    )
    dead = subscription.dead_letter_policy
    if dead.dead_letter_topic:
        _within("max_delivery_attempts", dead.max_delivery_attempts, 5, 100)
    low_s, high_s = _backoff_range_s(subscription)
    _within("minimum_backoff", low_s, 0, 600)
    _within("maximum_backoff", high_s, low_s, 600)
    endpoint = subscription.push_config.push_endpoint
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise InvalidArgumentError("Unsupported push_endpoint", endpoint=endpoint)


def _backoff_range_s(subscription: Proto) -> tuple[float, float]:
    if not subscription.HasField("retry_policy"):
        pushed = bool(subscription.push_config.push_endpoint)
        return _PUSH_BACKOFF_S if pushed else (0.0, 0.0)
    policy = subscription.retry_policy
    low_s, high_s = _RETRY_BACKOFF_S
    if policy.HasField("minimum_backoff"):
        low_s = _seconds(policy.minimum_backoff)
    if policy.HasField("maximum_backoff"):
        high_s = _seconds(policy.maximum_backoff)
    return low_s, high_s


def _seconds(duration: Proto) -> float:
    return float(duration.seconds + duration.nanos / 1e9)


def _within(setting: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InvalidArgumentError(
            "Setting out of range", setting=setting, value=value, low=low, high=high
        )
