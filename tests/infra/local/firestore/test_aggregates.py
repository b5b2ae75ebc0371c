import pytest

from infra.local.firestore.aggregates import aggregated
from infra.local.firestore.documents import Record
from infra.local.firestore.errors import StatusError
from infra.local.firestore.messages import request_class
from tests.infra.local.firestore.made import document, value

_Request = request_class("RunAggregationQuery")


def _aggregated(numbers, *aggregations):
    records = [Record(document(f"c/{i}", x=each)) for i, each in enumerate(numbers)]
    request = _Request(structured_aggregation_query={"aggregations": aggregations})
    return aggregated(request.structured_aggregation_query.aggregations, records)


def _of(operator, alias="it"):
    return {"alias": alias, operator: {"field": {"field_path": "x"}}}


@pytest.mark.parametrize(
    ("numbers", "total", "average"),
    [
        ([], 0, None),
        (["text", None], 0, None),
        ([1, 2, "text"], 3, 1.5),
        ([1, 0.5], 1.5, 0.75),
        ([2**63 - 1, 1], 2.0**63, 2.0**62),
        ([2**63 - 1, 1, -1], 2**63 - 1, float(2**63 - 1) / 3),
    ],
)
def test_sums_and_averages_are_of_the_numbers_alone(numbers, total, average):
    found = _aggregated(numbers, _of("sum", "s"), _of("avg", "a"))

    assert found == {"s": value(total), "a": value(average)}


def test_a_count_may_stop_early():
    whole = {"alias": "n", "count": {}}
    early = {"alias": "m", "count": {"up_to": {"value": 2}}}

    assert _aggregated([1, None, 3], whole, early) == {"n": value(3), "m": value(2)}


def test_without_an_alias_a_value_is_named_by_its_place():
    found = _aggregated([1], {"count": {}}, _of("sum", ""))

    assert sorted(found) == ["field_1", "field_2"]


@pytest.mark.parametrize("aggregations", [[], [{"alias": "x"}], [{"count": {}}] * 6])
def test_what_the_service_refuses_is_refused(aggregations):
    with pytest.raises(StatusError):
        _aggregated([], *aggregations)
