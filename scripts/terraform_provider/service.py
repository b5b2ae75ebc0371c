"""The answers of the stand-in: it describes, checks and plans, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .schema import Block, ProviderSchema, filled_by_provider, write_only
from .values import Problem, decoded, encoded, planned, problems, read
from .wire import message

_ERROR = 1
_NESTING = {"single": 1, "list": 2, "set": 3}

Answer = Callable[[Any], Any]


class ProviderService:
    """Terraform's provider interface over a schema, without a cloud behind it."""

    def __init__(self, schema: ProviderSchema) -> None:
        self._schema = schema

    def methods(self) -> Mapping[str, tuple[Any, Answer]]:
        """Return the request's class and the answer of every procedure."""
        return {
            "GetProviderSchema": (message("Empty"), self.describe),
            "ValidateProviderConfig": (message("Empty"), self.accept),
            "ConfigureProvider": (message("Empty"), self.accept),
            "ValidateResourceConfig": (message("TypedRequest"), self.check_resource),
            "ValidateDataResourceConfig": (message("TypedRequest"), self.accept),
            "PlanResourceChange": (message("PlanRequest"), self.plan),
            "ApplyResourceChange": (message("Empty"), self.refuse_to_apply),
            "ReadResource": (message("ReadRequest"), self.refresh),
            "UpgradeResourceState": (message("UpgradeRequest"), self.upgrade),
            "ReadDataSource": (message("TypedRequest"), self.look_up),
            "StopProvider": (message("Empty"), self.stop),
        }

    def describe(self, _request: Any) -> Any:
        response = message("SchemaResponse")()
        _describe(self._schema.provider, response.provider.block)
        for name, block in self._schema.resources.items():
            _describe(block, response.resource_schemas.add(key=name).value.block)
        for name, block in self._schema.data_sources.items():
            _describe(block, response.data_source_schemas.add(key=name).value.block)
        return response

    def accept(self, _request: Any) -> Any:
        return message("Diagnostics")()

    def check_resource(self, request: Any) -> Any:
        response = message("Diagnostics")()
        block = self._schema.resources[request.type_name]
        for problem in problems(block, decoded(request.config.msgpack)):
            response.diagnostics.append(_diagnostic(problem))
        return response

    def plan(self, request: Any) -> Any:
        block = self._schema.resources[request.type_name]
        proposed = decoded(request.proposed_new_state.msgpack)
        response = message("PlanResponse")()
        response.planned_state.msgpack = encoded(planned(block, proposed))
        return response

    def refuse_to_apply(self, _request: Any) -> Any:
        response = message("ApplyResponse")()
        response.diagnostics.add(
            severity=_ERROR,
            summary="The stand-in changes nothing",
            detail="Apply with the real hashicorp/google provider.",
        )
        return response

    def refresh(self, request: Any) -> Any:
        return message("StateResponse")(new_state=request.current_state)

    def upgrade(self, request: Any) -> Any:
        response = message("UpgradeResponse")()
        response.upgraded_state.json = request.raw_state.json
        return response

    def look_up(self, request: Any) -> Any:
        block = self._schema.data_sources[request.type_name]
        response = message("DataResponse")()
        response.state.msgpack = encoded(read(block, decoded(request.config.msgpack)))
        return response

    def stop(self, _request: Any) -> Any:
        return message("Stopped")()


def _describe(block: Block, into: Any) -> None:
    for name, attribute in block.attributes.items():
        computed = filled_by_provider(name, attribute)
        into.attributes.add(
            name=name,
            type=json.dumps(attribute.type).encode(),
            required=attribute.mode == "required",
            optional=attribute.mode == "optional",
            computed=computed,
            write_only=write_only(name),
        )
    for name, nested in block.blocks.items():
        described = into.block_types.add(
            type_name=name,
            nesting=_NESTING[nested.nesting],
            # Terraform asks that a single block has no limits.
            min_items=0 if nested.nesting == "single" else nested.min_items,
            max_items=0 if nested.nesting == "single" else nested.max_items,
        )
        # Terraform reads the block even where there is nothing in it.
        described.block.SetInParent()
        _describe(nested.block, described.block)


def _diagnostic(problem: Problem) -> Any:
    diagnostic = message("Diagnostic")(
        severity=_ERROR,
        summary=f"{problem.value} is no value of {problem.path[-1]}",
        detail=f"It may be: {', '.join(problem.values)}.",
    )
    for step in problem.path:
        if isinstance(step, int):
            diagnostic.attribute.steps.add(element_key_int=step)
        else:
            diagnostic.attribute.steps.add(attribute_name=step)
    return diagnostic
