from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.policies import DeliveryPolicy
from infra.local.pubsub.wire import Subscription


def subscription(**settings):
    return Subscription(name="projects/p/subscriptions/sub", **settings)


def test_what_is_left_out_gets_the_services_defaults():
    proto = subscription(
        dead_letter_policy={"dead_letter_topic": "projects/p/topics/dead"}
    )

    policy = DeliveryPolicy.of(proto)

    assert policy.ack_deadline_s == 10
    assert policy.retention_s == 7 * 86_400
    assert policy.max_attempts == 5
    assert proto.dead_letter_policy.max_delivery_attempts == 5


def test_pulls_without_a_retry_policy_come_back_at_once():
    policy = DeliveryPolicy.of(subscription())

    assert policy.backoff_s(1) == 0


def test_pushes_without_a_retry_policy_back_off_from_100_ms_to_a_minute():
    pushed = subscription(push_config={"push_endpoint": "http://127.0.0.1:1/"})

    policy = DeliveryPolicy.of(pushed)

    assert [policy.backoff_s(n) for n in (1, 2, 3, 40)] == [0.1, 0.2, 0.4, 60.0]


def test_an_empty_retry_policy_means_ten_seconds_to_ten_minutes():
    policy = DeliveryPolicy.of(subscription(retry_policy={}))

    assert [policy.backoff_s(n) for n in (1, 2, 99)] == [10.0, 20.0, 600.0]


@given(
    low_s=st.integers(0, 600),
    extra_s=st.integers(0, 600),
    scale=st.floats(0.01, 1),
    attempts=st.integers(1, 200),
)
def test_backoff_grows_and_stays_in_its_range(low_s, extra_s, scale, attempts):
    high_s = min(low_s + extra_s, 600)
    proto = subscription(
        retry_policy={
            "minimum_backoff": {"seconds": low_s},
            "maximum_backoff": {"seconds": high_s},
        }
    )

    policy = DeliveryPolicy.of(proto, backoff_scale=scale)

    waits_s = policy.backoff_s(attempts), policy.backoff_s(attempts + 1)
    assert low_s * scale <= waits_s[0] <= waits_s[1] <= high_s * scale


@pytest.mark.parametrize(
    "settings",
    [
        {"ack_deadline_seconds": 9},
        {"ack_deadline_seconds": 601},
        {"message_retention_duration": {"seconds": 599}},
        {"message_retention_duration": {"seconds": 32 * 86_400}},
        {"retry_policy": {"minimum_backoff": {"seconds": 601}}},
        {
            "retry_policy": {
                "minimum_backoff": {"seconds": 5},
                "maximum_backoff": {"seconds": 4},
            }
        },
        {"push_config": {"push_endpoint": "ftp://127.0.0.1/"}},
        {"filter": "attributes."},
        {
            "dead_letter_policy": {
                "dead_letter_topic": "projects/p/topics/dead",
                "max_delivery_attempts": 4,
            }
        },
    ],
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(InvalidArgumentError):
        DeliveryPolicy.of(subscription(**settings))
