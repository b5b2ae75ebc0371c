"""The OpenAPI 3.1 document, from the table of operations and nothing else."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.domain.errors import (
    CatalogError,
    ForbiddenError,
    TransientError,
    UnauthorizedError,
)

from .bodies import MAX_BODY_BYTES
from .operations import JSON, VERSION, Operation, Said
from .parameters import Parameter
from .problems import (
    MEDIA_TYPE,
    TYPE_BASE,
    BadRequestError,
    BodyTooLargeError,
    MalformedBodyError,
    MethodNotAllowedError,
    UnexpectedError,
    UnsupportedMediaTypeError,
    status_of,
)
from .routes import all_operations
from .schemas import answers, entries, features, requests, validations

Schema = dict[str, Any]

_REF = "#/components/schemas/{model}"
_ABOUT = """\
A music-metadata catalog whose every value can be explained: where it came from, when,
how sure that source was, and what others said.

Send your key as `Authorization: Bearer ln_…` or `X-Api-Key`. Every error is a problem
document (RFC 9457) with a stable `code`. Lists are read a page at a time by
`next_cursor`. Changes need `If-Match` with the ETag of what you saw. Parameters that
are not known are refused, never ignored.
"""
_HEADERS: dict[str, Schema] = {
    "If-Match": {
        "required": True,
        "description": "The ETag of the version you mean to change.",
        "schema": {"type": "string"},
        "example": '"5c1d2a7b9e0f4c3d2a1b"',
    },
    "If-None-Match": {
        "description": "The ETag of what you have; 304 if that is still so.",
        "schema": {"type": "string"},
        "example": '"5c1d2a7b9e0f4c3d2a1b"',
    },
    "Idempotency-Key": {
        "description": "The same key with the same request does nothing twice.",
        "schema": {"type": "string", "maxLength": 200},
        "example": "3f1c6a52",
    },
}
_ANSWER_HEADERS = {
    "ETag": "Of this version.",
    "Link": 'The next page, as `rel="next"`, if there is one.',
    "Location": "Where it is to be found.",
}
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def document_bytes() -> bytes:
    """Return the document as JSON."""
    return json.dumps(document(), ensure_ascii=False).encode()


@cache
def document() -> Schema:
    """Return the document."""
    operations = all_operations()
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _told(
            operation
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Linernotes",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"header": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(o.tag for o in operations)],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": _problems(operations),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            },
        },
    }


def _told(operation: Operation) -> Schema:
    told: Schema = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": _description(operation),
        "parameters": _parameters(operation),
        "responses": {
            **{str(code): _answer(said) for code, said in operation.answers.items()},
            **_error_answers(operation),
        },
    }
    if operation.role is None:
        told["security"] = []
    if operation.body is not None:
        told["requestBody"] = _body(operation)
    return told


def _description(operation: Operation) -> str:
    if operation.role is None:
        return operation.description
    needs = f"Needs the role `{operation.role.name.lower()}`."
    return f"{operation.description}\n\n{needs}".strip()


def _parameters(operation: Operation) -> list[Schema]:
    places = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"}
            if name == "id"
            else {"type": "string"},
        }
        for name in _PLACE.findall(operation.path)
    ]
    headers = [
        {"name": name, "in": "header", **_HEADERS[name]} for name in operation.headers
    ]
    return [*places, *map(_parameter, operation.parameters), *headers]


def _parameter(parameter: Parameter) -> Schema:
    told: Schema = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }
    if parameter.example is not None:
        told["example"] = parameter.example
    return told


def _body(operation: Operation) -> Schema:
    name = operation.body if isinstance(operation.body, str) else _name(operation.body)
    content: Schema = {"schema": {"$ref": _REF.format(model=name)}}
    if operation.body_example is not None:
        content["example"] = operation.body_example
    return {"required": True, "content": dict.fromkeys(operation.media_types, content)}


def _name(model: type[BaseModel] | None) -> str:
    return "" if model is None else model.__name__


def _answer(said: Said) -> Schema:
    told: Schema = {"description": said.description}
    if said.headers:
        told["headers"] = {
            name: {"description": _ANSWER_HEADERS[name], "schema": {"type": "string"}}
            for name in said.headers
        }
    if said.schema:
        schema = {"$ref": _REF.format(model=said.schema)}
        told["content"] = {said.media_type: {"schema": schema}}
    elif said.media_type != JSON:
        told["content"] = {said.media_type: {"schema": {"type": "string"}}}
    return told


def errors_of(operation: Operation) -> tuple[type[CatalogError], ...]:
    """Return every error that *operation* may answer with."""
    found: list[type[CatalogError]] = [BadRequestError, BodyTooLargeError]
    if operation.role is not None:
        found += [UnauthorizedError, ForbiddenError]
    if operation.body is not None:
        found += [MalformedBodyError, UnsupportedMediaTypeError]
    return (*found, *operation.errors, TransientError, UnexpectedError)


def _error_answers(operation: Operation) -> Schema:
    by_status: dict[int, list[type[CatalogError]]] = {}
    for error in errors_of(operation):
        status = status_of(error).status
        if status not in operation.answers:
            by_status.setdefault(status, []).append(error)
    return {
        str(status): {"$ref": f"#/components/responses/problem-{status}"}
        for status in sorted(by_status)
    }


def _problems(operations: tuple[Operation, ...]) -> Schema:
    found: dict[int, dict[str, type[CatalogError]]] = {
        405: {MethodNotAllowedError.code: MethodNotAllowedError}
    }
    for operation in operations:
        for error in errors_of(operation):
            status = status_of(error).status
            found.setdefault(status, {})[error.code] = error
    return {
        f"problem-{status}": _problem(status, found[status]) for status in sorted(found)
    }


def _problem(status: int, errors: dict[str, type[CatalogError]]) -> Schema:
    return {
        "description": " ".join(
            f"`{code}`: {(error.__doc__ or '').splitlines()[0]}"
            for code, error in sorted(errors.items())
        ),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": _REF.format(model="Problem")},
                "examples": {
                    code: {"value": _example(status, error)}
                    for code, error in sorted(errors.items())
                },
            }
        },
    }


def _example(status: int, error: type[CatalogError]) -> Schema:
    return {
        "type": TYPE_BASE + error.code,
        "title": status_of(error).title,
        "status": status,
        "detail": (error.__doc__ or "").splitlines()[0],
        "code": error.code,
        "facts": {"max_bytes": MAX_BODY_BYTES} if status == 413 else {},
        "instance": "/api/tracks",
        "request_id": "4a1f0c2d9b7e4f6a8c3d5e7f90123456",
    }


def _models(mode: Literal["validation", "serialization"], *modules: object) -> Schema:
    models = [
        (found, mode)
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, BaseModel)
        and found is not BaseModel
    ]
    schemas: Schema = models_json_schema(models, ref_template=_REF)[1]["$defs"]
    return schemas


def _schemas() -> Schema:
    kinds = [
        {"$ref": _REF.format(model=name)} for name in ("Track", "Release", "Artist")
    ]
    merged = {"merged_into": {"type": "string", "format": "uuid"}}
    return {
        **_models("validation", requests),
        **_models("serialization", answers, validations),
        **entries.components(),
        **features.components(),
        "AnyObject": {"type": "object"},
        "Entry": {"anyOf": kinds},
        "Merged": {
            "type": "object",
            "required": ["merged_into"],
            "properties": merged,
        },
    }


if __name__ == "__main__":
    import sys

    sys.stdout.write(json.dumps(document(), indent=2, ensure_ascii=False) + "\n")
