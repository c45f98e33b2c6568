"""The API for people at /docs: one page made from /schema, without a script or a foreign server."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from litestar import Response, get
from litestar.enums import MediaType

from bezant.gateway.native.endpoint import NativeRequest
from bezant.gateway.native.openapi import describe
from bezant.gateway.native.problems import Problem

# The house's own colors, in both lights; the fonts are those of the reader's system.
_STYLE: Final = """
:root{color-scheme:light dark;--bg:#fdfdfb;--raised:#f2f1ec;--line:#dddbd3;--text:#1b1a17;
--mute:#66635a;--gold:#7a5c10}
@media(prefers-color-scheme:dark){:root{--bg:#121211;--raised:#191917;--line:#262623;
--text:#eceae4;--mute:#9b988f;--gold:#e2c377}}
body{font:15px/1.6 "IBM Plex Sans",system-ui,sans-serif;max-width:60rem;margin:0 auto;
padding:1.5rem 1rem 4rem;background:var(--bg);color:var(--text)}
code,pre{font:13px/1.5 "IBM Plex Mono",ui-monospace,monospace}
pre{overflow:auto;padding:.75rem 1rem;background:var(--raised);border:1px solid var(--line);
border-radius:4px}
a{color:var(--gold)}h1{font-size:28px;margin:.5rem 0}
h2{margin-top:3rem;padding-bottom:.3rem;border-bottom:1px solid var(--line);font-size:20px}
h3{margin:2rem 0 .2rem;font-size:16px}
table{border-collapse:collapse;width:100%;font-size:14px}td,th{text-align:left;
vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line)}
td:first-child{width:12rem}td:nth-child(2){width:15rem;color:var(--mute)}
nav{position:sticky;top:0;padding:.6rem 0;background:var(--bg);
border-bottom:1px solid var(--line)}nav a{margin-right:1.2rem;text-decoration:none}
.method{display:inline-block;min-width:4.5rem;color:var(--gold);font-weight:600}
.mute,summary{color:var(--mute)}
"""
_CODE: Final = re.compile(r"`([^`]+)`")
_METHODS: Final = ("get", "post", "put", "patch", "delete")


@get("/docs", include_in_schema=False, sync_to_thread=False)
def read_docs(request: NativeRequest) -> Response[str]:
    """Return the API's documentation as one page."""
    page: str | None = getattr(request.app.state, "docs_page", None)
    if page is None:
        page = request.app.state.docs_page = render_page(describe(request.app))
    return Response(page, media_type=MediaType.HTML)


def render_page(schema: dict[str, Any]) -> str:
    """Return the description of the API as HTML."""
    groups = _by_tag(schema)
    links = "".join(f'<a href="#{_anchor(tag)}">{_text(tag)}</a>' for tag in groups)
    body = "".join(
        part for tag, operations in groups.items() for part in _group(tag, operations, schema)
    )
    info = schema["info"]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{_text(info['title'])} API</title><style>{_STYLE}</style></head><body>"
        f"<h1>{_text(info['title'])} API</h1><p>{_text(info['description'])}</p>"
        f'<p>The same for programs: <a href="/schema">OpenAPI 3.1</a>. '
        f'<a href="#errors">Errors</a>.</p><nav>{links}</nav>'
        f"{body}{_errors()}</body></html>"
    )


Operation = tuple[str, str, dict[str, Any]]


def _by_tag(schema: dict[str, Any]) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = defaultdict(list)
    for path, item in schema["paths"].items():
        for method in _METHODS:
            if method in item:
                groups[item[method]["tags"][0]].append((method, path, item[method]))
    return groups


def _group(tag: str, operations: list[Operation], schema: dict[str, Any]) -> Iterator[str]:
    yield f'<h2 id="{_anchor(tag)}">{_text(tag)}</h2>'
    for method, path, operation in operations:
        yield f'<h3 id="{_text(operation["operationId"])}"><span class="method">'
        yield f"{method.upper()}</span><code>{_text(path)}</code></h3>"
        lock = "" if not operation.get("security") else ' <span class="mute">(access token)</span>'
        yield f"<p>{_text(operation.get('description', ''))}{lock}</p>"
        yield from _parameters(operation)
        yield from _body(operation, schema)
        yield from _replies(operation, schema)


def _parameters(operation: dict[str, Any]) -> Iterator[str]:
    parameters = operation.get("parameters") or []
    if not parameters:
        return
    yield "<table><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>"
    for one in parameters:
        needed = " (required)" if one.get("required") else ""
        yield f"<tr><td><code>{_text(one['name'])}</code></td><td>{_text(one['in'])}</td>"
        yield f"<td>{_text(_type(one['schema']))}{needed}</td>"
        yield f"<td>{_text(one.get('description', ''))}</td></tr>"
    yield "</table>"


def _body(operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    body = operation.get("requestBody")
    if body is not None:
        model = body["content"]["application/json"]["schema"]
        yield "<p>Body:</p>"
        yield from _fields(model, schema)


def _replies(operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for status, reply in sorted(operation["responses"].items()):
        content = reply.get("content") or {}
        if "application/json" in content and status.startswith("2"):
            yield f"<p>Reply {_text(status)}:</p>"
            yield from _fields(content["application/json"]["schema"], schema)
    problems = [
        f"<tr><td>{_text(status)}</td><td>{_text(reply.get('description', ''))}</td></tr>"
        for status, reply in sorted(operation["responses"].items())
        if not status.startswith("2")
    ]
    if problems:
        yield f"<details><summary>Problems</summary><table>{''.join(problems)}</table></details>"


def _fields(model: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    """Show an object's fields as a table, one level; nested objects are named."""
    found = _resolve(model, schema)
    for example in found.get("examples", ()):
        yield f"<pre>{_text(json.dumps(example, indent=1))}</pre>"
    if "properties" not in found:
        yield f"<pre>{_text(json.dumps(found, indent=1))}</pre>"
        return
    needed = set(found.get("required", ()))
    yield "<table>"
    for name, field in found["properties"].items():
        mark = " (required)" if name in needed else ""
        note = _resolve(field, schema).get("description", "")
        yield f"<tr><td><code>{_text(name)}</code></td><td>{_text(_type(field))}{mark}</td>"
        yield f"<td>{_text(note)}</td></tr>"
    yield "</table>"


def _resolve(model: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference: str | None = model.get("$ref")
    if reference is None:
        return model
    found: dict[str, Any] = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _type(field: dict[str, Any]) -> str:
    """Return a field's type in few words."""
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "enum" in field:
        return " | ".join(str(one) for one in field["enum"])
    if "const" in field:
        return str(field["const"])
    for key in ("oneOf", "anyOf"):
        if key in field:
            return " | ".join(_type(one) for one in field[key])
    if field.get("type") == "array":
        return f"list of {_type(field.get('items') or {})}"
    return str(field.get("type", "any"))


def _errors() -> str:
    rows = "".join(
        f'<tr id="{kind.code}"><td><code>{kind.code}</code></td><td>{kind.status}</td>'
        f"<td>{_text(kind.value.title)}</td><td>{_text(kind.value.advice)}</td></tr>"
        for kind in sorted(Problem, key=lambda kind: kind.code)
    )
    return f'<h2 id="errors">Errors</h2><table>{rows}</table>'


def _anchor(tag: str) -> str:
    return tag.lower().replace(" ", "-")


def _text(text: object) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(str(text)))
