"""The document as a page to read and try: one file, nothing from elsewhere."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import Any

from .docs_page import SCRIPT, STYLE
from .openapi import document

Told = dict[str, Any]

_METHODS = ("get", "post", "patch", "put", "delete")


@cache
def page() -> str:
    """Return the page."""
    told = document()
    info = told["info"]
    sections = "".join(_section(told, tag["name"]) for tag in told["tags"])
    links = "".join(
        f'<a href="#{_anchor(tag["name"])}">{escape(tag["name"])}</a>'
        for tag in told["tags"]
    )
    about = "".join(f"<p>{_prose(part)}</p>" for part in _parts(info["description"]))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style>"
        f"<header><h1>{escape(info['title'])} API <small>{escape(info['version'])}"
        f"</small></h1>{about}"
        '<p><label>API key <input id="key" type="password" placeholder="ln_…" '
        'autocomplete="off"></label> stays in this page. '
        '<a href="/openapi.json">OpenAPI document</a></p>'
        f'<nav>{links}<a href="#problems">problems</a></nav></header>'
        f"<main>{sections}{_problems(told)}</main><script>{SCRIPT}</script></html>"
    )


def _section(told: Told, tag: str) -> str:
    operations = "".join(
        _operation(method, path, item[method])
        for path, item in told["paths"].items()
        for method in _METHODS
        if method in item and tag in item[method]["tags"]
    )
    return f'<section id="{_anchor(tag)}"><h2>{escape(tag)}</h2>{operations}</section>'


def _operation(method: str, path: str, operation: Told) -> str:
    about = "".join(
        f"<p>{_prose(part)}</p>" for part in _parts(operation["description"])
    )
    answers = "".join(
        f"<li><b>{escape(code)}</b> {_answer(code, said)}</li>"
        for code, said in operation["responses"].items()
    )
    return (
        f'<details id="{escape(operation["operationId"])}"><summary>'
        f'<b class="{method}">{method.upper()}</b> <code>{escape(path)}</code> '
        f"{escape(operation['summary'])}</summary>{about}"
        f"{_form(method, path, operation)}<h4>Answers</h4><ul>{answers}</ul></details>"
    )


def _answer(code: str, said: Told) -> str:
    if "$ref" in said:
        return f'<a href="#problem-{escape(code)}">a problem</a>'
    names = [
        content["schema"].get("$ref", "").rpartition("/")[2]
        for content in said.get("content", {}).values()
    ]
    shown = "".join(f" <code>{escape(name)}</code>" for name in names if name)
    return f"{_prose(said['description'])}{shown}"


def _form(method: str, path: str, operation: Told) -> str:
    fields = "".join(_field(parameter) for parameter in operation["parameters"])
    body = operation.get("requestBody")
    if body:
        media_type, content = next(iter(body["content"].items()))
        example = escape(json.dumps(content.get("example", {}), indent=2))
        fields += (
            f'<label>Body <code>{escape(media_type)}</code><textarea name="body" '
            f'data-type="{escape(media_type)}" rows="6">{example}</textarea></label>'
        )
    return (
        f'<form data-method="{method.upper()}" data-path="{escape(path)}">{fields}'
        "<button>Try it</button><pre hidden></pre></form>"
    )


def _field(parameter: Told) -> str:
    name, example = escape(parameter["name"]), escape(str(parameter.get("example", "")))
    needed = " required" if parameter.get("required") else ""
    choices = parameter["schema"].get("enum")
    about = _prose(parameter.get("description", ""))
    if choices:
        about += " " + " ".join(f"<code>{escape(choice)}</code>" for choice in choices)
    return (
        f"<label><span>{name} <small>{parameter['in']}{needed}</small></span>"
        f'<input data-in="{parameter["in"]}" name="{name}" placeholder="{example}"'
        f"{needed}><small>{about}</small></label>"
    )


def _problems(told: Told) -> str:
    rows = "".join(
        f'<tr id="problem-{escape(code)}"><td id="problem-{status}">{status}</td>'
        f"<td><code>{escape(code)}</code></td>"
        f"<td>{escape(example['value']['detail'])}</td></tr>"
        for name, response in told["components"]["responses"].items()
        for status in [name.removeprefix("problem-")]
        for content in response["content"].values()
        for code, example in content["examples"].items()
    )
    return f'<section id="problems"><h2>problems</h2><table>{rows}</table></section>'


def _parts(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]


def _prose(text: str) -> str:
    pieces = escape(text).split("`")
    return "".join(
        f"<code>{piece}</code>" if place % 2 else piece
        for place, piece in enumerate(pieces)
    )


def _anchor(tag: str) -> str:
    return "tag-" + escape(tag.replace(" ", "-"))
