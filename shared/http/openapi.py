"""The OpenAPI 3.1 document of an Api, written from its operations."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from shared.http.api import Api
from shared.http.bodies import FORM
from shared.http.call import Upload
from shared.http.examples import add_example
from shared.http.operation import Operation
from shared.http.parameters import Schema, parameters_of
from shared.http.responses import JSON, Responses
from shared.http.schemas import Schemas, file_schema
from shared.http.vocabulary import Vocabulary, bilingual

WEB_FORM: Final = "application/x-www-form-urlencoded"
Document = dict[str, Any]

_FILE: Final = bilingual("文件的内容", "Content of the file")
_BEARER: Final = bilingual(
    "访问令牌，登录或者凭程序的凭证取得", "Access token, from a sign-in or the credentials of a client"
)
_CLIENT: Final = bilingual(
    "程序用凭证换访问令牌，过期以前一直用它（RFC 6749 § 4.4）",
    "A client exchanges its credentials for an access token, and uses it until it expires (RFC 6749 § 4.4)",
)
_INFO: Final = bilingual(
    "除注明公开的以外，请求须带 Authorization: Bearer 令牌；错误一律为 application/problem+json（RFC 9457）。",
    "Requests carry a bearer token unless declared public; errors are application/problem+json (RFC 9457).",
)
CONTACT: Final = {"name": "系统管理员 · Administrator of the installation"}
LICENSE: Final = {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}


def as_text(described: Mapping[str, Any]) -> str:
    """A document as it is shipped and served."""
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def document(api: Api) -> Document:
    """The OpenAPI 3.1 document. A model whose input and output schemas differ appears once for each."""
    schemas = Schemas(api)
    responses = Responses(schemas)
    words = api.vocabulary
    schemes = _security_schemes(words)
    paths: dict[str, Any] = {}
    for operation in api.operations:
        item = _operation(operation, schemas, words)
        item["responses"] = responses.of(operation)
        item["security"] = [] if operation.public else [{name: []} for name in schemes]
        add_example(item, operation.path, words.example(operation.service, operation.name))
        paths.setdefault(operation.path, {})[operation.method.lower()] = item
    tags = {operation.tag: words.tag(operation.tag) for operation in api.operations}
    info = {"description": _INFO, "contact": CONTACT, "license": LICENSE}
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": api.version, **info},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text or name} for name, text in tags.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.components(),
            **responses.components(),
            "securitySchemes": schemes,
        },
    }


def _security_schemes(words: Vocabulary) -> dict[str, Schema]:
    """A token, however it was obtained; and how a client obtains one."""
    bearer: Schema = {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": _BEARER,
    }
    if not (token_url := words.address("token")):
        return {"bearer": bearer}
    flow = {"tokenUrl": token_url, "scopes": {}}
    client = {"type": "oauth2", "flows": {"clientCredentials": flow}, "description": _CLIENT}
    return {"bearer": bearer, "client": client}


def _operation(operation: Operation, schemas: Schemas, words: Vocabulary) -> dict[str, Any]:
    item: dict[str, Any] = {"operationId": operation.name, "tags": [operation.tag]}
    if operation.summary:
        item["summary"] = operation.summary
        item["description"] = words.operation(operation.service, operation.name, operation.summary)
    query = schemas.inline(operation, "query") if operation.query is not None else {}
    if parameters := parameters_of(operation, query, words):
        item["parameters"] = parameters
    if operation.body is not None:
        item["requestBody"] = _request_body(operation, schemas)
    if operation.form is not None:
        item["requestBody"] = {
            "required": True,
            "content": {WEB_FORM: {"schema": schemas.get(operation, "form")}},
        }
    item["x-roles"] = sorted(operation.roles)
    if operation.deprecated_on is not None:
        item["deprecated"] = True
    return item


def _request_body(operation: Operation, schemas: Schemas) -> Schema:
    if operation.body is Upload:
        form = {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary", "description": _FILE}},
        }
        raw = {
            kind: {"schema": file_schema(kind)} for kind in operation.accepts or ("application/octet-stream",)
        }
        return {"required": True, "content": {FORM: {"schema": form}, **raw}}
    required = any(field.is_required() for field in _model(operation).model_fields.values())
    return {"required": required, "content": {JSON: {"schema": schemas.get(operation, "body")}}}


def _model(operation: Operation) -> type[BaseModel]:
    assert operation.body is not None
    model: type[BaseModel] = operation.body
    return model
