"""The messages of Terraform's plugin protocol 6, as far as the stand-in speaks it.

Field numbers are those of `tfplugin6.proto` 6.9. Unknown fields are skipped by
protobuf itself, so what is not named here does no harm.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PACKAGE = "tfplugin6"
_FILE = "terraform_provider_tfplugin6.proto"

# message: fields as "name type number", a star for a repeated one.
_MESSAGES: dict[str, tuple[str, ...]] = {
    "DynamicValue": ("msgpack bytes 1", "json bytes 2"),
    "Step": ("attribute_name string 1", "element_key_int int64 3"),
    "AttributePath": ("steps *Step 1",),
    "Diagnostic": (
        "severity int32 1",
        "summary string 2",
        "detail string 3",
        "attribute AttributePath 4",
    ),
    "Attribute": (
        "name string 1",
        "type bytes 2",
        "required bool 4",
        "optional bool 5",
        "computed bool 6",
        "write_only bool 11",
    ),
    "NestedBlock": (
        "type_name string 1",
        "block Block 2",
        "nesting int32 3",
        "min_items int64 4",
        "max_items int64 5",
    ),
    "Block": ("attributes *Attribute 2", "block_types *NestedBlock 3"),
    "Schema": ("version int64 1", "block Block 2"),
    "SchemaEntry": ("key string 1", "value Schema 2"),
    "SchemaResponse": (
        "provider Schema 1",
        "resource_schemas *SchemaEntry 2",
        "data_source_schemas *SchemaEntry 3",
        "diagnostics *Diagnostic 4",
    ),
    "Empty": (),
    "TypedRequest": ("type_name string 1", "config DynamicValue 2"),
    "Diagnostics": ("diagnostics *Diagnostic 1",),
    "Stopped": ("error string 1",),
    "PlanRequest": (
        "type_name string 1",
        "prior_state DynamicValue 2",
        "proposed_new_state DynamicValue 3",
    ),
    "PlanResponse": ("planned_state DynamicValue 1",),
    "ReadRequest": ("type_name string 1", "current_state DynamicValue 2"),
    "StateResponse": ("new_state DynamicValue 1", "diagnostics *Diagnostic 2"),
    "ApplyResponse": ("new_state DynamicValue 1", "diagnostics *Diagnostic 3"),
    "DataResponse": ("state DynamicValue 1", "diagnostics *Diagnostic 2"),
    "RawState": ("json bytes 1",),
    "UpgradeRequest": ("type_name string 1", "version int64 2", "raw_state RawState 3"),
    "UpgradeResponse": ("upgraded_state DynamicValue 1",),
}


def _file() -> descriptor_pb2.FileDescriptorProto:
    described = descriptor_pb2.FileDescriptorProto(
        name=_FILE, package=_PACKAGE, syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = described.message_type.add(name=name)
        for line in fields:
            _add_field(message, *line.split())
    return described


def _add_field(message: Any, name: str, kind: str, number: str) -> None:
    proto = descriptor_pb2.FieldDescriptorProto
    repeated, kind = kind.startswith("*"), kind.removeprefix("*")
    added = message.field.add(
        name=name,
        number=int(number),
        label=proto.LABEL_REPEATED if repeated else proto.LABEL_OPTIONAL,
    )
    if kind in _MESSAGES:
        added.type = proto.TYPE_MESSAGE
        added.type_name = f".{_PACKAGE}.{kind}"
    else:
        added.type = getattr(proto, f"TYPE_{kind.upper()}")


def _classes() -> dict[str, Any]:
    pool = descriptor_pool.DescriptorPool()
    pool.Add(_file())
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")
        )
        for name in _MESSAGES
    }


_CLASSES = _classes()


def message(name: str) -> Any:
    """Return the class of the message called *name*."""
    return _CLASSES[name]
