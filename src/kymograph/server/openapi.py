"""Writes the OpenAPI document: the route table and the shapes, said in the words of that standard."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any, cast

import msgspec

from kymograph.server.route import FAILURE_REPLY, FAILURES, Access, Entry
from kymograph.server.schema import Cell, Number, SeriesHeader

Json = dict[str, Any]

PREFIX = "#/components/schemas/{name}"
TOKEN_SCHEME = "token"  # noqa: S105 - its name in the document
NAMED = {
    "Number": (Number, "A number; those that are not finite are words."),
    "Cell": (Cell, "Any value of an attribute. Integers beyond 2^53 - 1 are strings of digits."),
}


def document(routes: Iterable[Entry], version: str) -> Json:
    """The whole document, ready to be encoded."""
    routes = list(routes)
    paths: dict[str, Json] = {}
    schemas = components(routes)
    for entry in routes:
        paths.setdefault(entry.public_path, {})[entry.method.lower()] = operation(entry, schemas)
    asks = {entry.ask.__name__ for entry in routes if entry.ask}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kymograph",
            "version": version,
            "description": "Runs, their attributes and their points. Times are seconds since the epoch, UTC.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in asks},
            "securitySchemes": {
                TOKEN_SCHEME: {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Kymograph-Token",
                    "description": "Drawn anew at each start; the page finds it in its own index.html.",
                }
            },
        },
    }


def components(routes: Iterable[Entry]) -> dict[str, Json]:
    """Every shape the routes mention, by name, sorted."""
    shapes: set[type] = {FAILURE_REPLY, SeriesHeader}
    for entry in routes:
        shapes |= {shape for shape in (entry.ask, entry.body, entry.reply, *entry.events) if shape}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    _, found = msgspec.json.schema_components(ordered, ref_template=PREFIX)
    named = {name: spelled(shape) for name, (shape, _) in NAMED.items()}
    schemas = {name: cast("Json", with_names(schema, named)) for name, schema in found.items()}
    for name, (_, says) in NAMED.items():
        schemas[name] = {"title": name, "description": says, **named[name]}
    return {name: cast("Json", tidy(schemas[name])) for name in sorted(schemas)}


def spelled(shape: object) -> Json:
    """A shape that has no name of its own, as msgspec spells it."""
    (schema,), _ = msgspec.json.schema_components([shape], ref_template=PREFIX)
    return schema


def with_names(schema: object, named: dict[str, Json]) -> object:
    """The schema with what `named` spells replaced by its name, so that the page has a type for it."""
    if isinstance(schema, list):
        return [with_names(item, named) for item in schema]
    if not isinstance(schema, dict):
        return schema
    choices = schema.get("anyOf", [])
    for name, spelling in named.items():
        others = [choice for choice in choices if choice not in spelling["anyOf"]]
        if choices and len(choices) == len(spelling["anyOf"]) + len(others):
            reference = {"$ref": PREFIX.format(name=name)}
            return {"anyOf": [reference, *others]} if others else reference
    return {key: with_names(value, named) for key, value in schema.items()}


def tidy(schema: Any) -> Any:
    """The schema as generators of types like it: enums with a type, objects open, docstrings unwrapped."""
    if isinstance(schema, list):
        return [tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == {"type": "object"}:
        return {"type": "object", "additionalProperties": True}
    tidied = {key: tidy(value) for key, value in schema.items()}
    if isinstance(schema.get("description"), str):
        tidied["description"] = one_line(schema["description"])
    if isinstance(schema.get("enum"), list):
        tidied["type"] = "string"
    return tidied


def one_line(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))


def operation(entry: Entry, schemas: dict[str, Json]) -> Json:
    """One method of one path."""
    said: Json = {"summary": entry.says, "operationId": operation_id(entry)}
    parameters = [*path_parameters(entry), *query_parameters(entry, schemas)]
    if parameters:
        said["parameters"] = parameters
    if entry.body:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(entry.body)}}}
    said["responses"] = {"200": success(entry), **failures(entry)}
    if entry.access is Access.WRITE:
        said["security"] = [{TOKEN_SCHEME: []}]
    return said


def operation_id(entry: Entry) -> str:
    words = [word for word in re.split(r"[/{}.]+", entry.public_path) if word and word != "api"]
    return "_".join([entry.method.lower(), *words])


def path_parameters(entry: Entry) -> list[Json]:
    names = re.findall(r"{(\w+)}", entry.public_path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def query_parameters(entry: Entry, schemas: dict[str, Json]) -> list[Json]:
    if entry.ask is None:
        return []
    shape = schemas[entry.ask.__name__]
    required = shape.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in shape["properties"].items()
    ]


def success(entry: Entry) -> Json:
    if entry.events:
        says = "A stream of server-sent events: " + ", ".join(event.__name__ for event in entry.events) + "."
        return {"description": says, "content": {entry.media: {"schema": {"type": "string"}}}}
    if entry.reply is None:
        return {"description": entry.says, "content": {entry.media: {"schema": {"type": "object"}}}}
    if entry.media == "application/json":
        return {"description": entry.says, "content": {entry.media: {"schema": ref(entry.reply)}}}
    says = f"u32 length of the header | {entry.reply.__name__} as JSON, padded with spaces | the arrays."
    return {"description": says, "content": {entry.media: {"schema": {"type": "string", "format": "binary"}}}}


def failures(entry: Entry) -> Json:
    codes = sorted({*entry.failures, 403})
    content = {"application/json": {"schema": ref(FAILURE_REPLY)}}
    return {str(code): {"description": FAILURES[code], "content": content} for code in codes}


def ref(shape: type) -> Json:
    return {"$ref": PREFIX.format(name=shape.__name__)}


def encoded(routes: Iterable[Entry], version: str) -> bytes:
    """The document as it is served and kept: indented, the same every time."""
    return msgspec.json.format(msgspec.json.encode(document(routes, version)), indent=2) + b"\n"


if __name__ == "__main__":
    from kymograph.server.app import API_VERSION, ROUTES

    sys.stdout.buffer.write(encoded(ROUTES, API_VERSION))
