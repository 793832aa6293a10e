"""As much of JSON Schema as the OpenAPI document uses for answers: to hold real answers against it."""

import re
import urllib.parse

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
}  # fmt: skip


def has_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Document:
    def __init__(self, json):
        self.json = json

    def resolve(self, schema):
        while "$ref" in schema:
            place = self.json
            for part in schema["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            schema = place
        return schema

    def faults(self, value, schema, where=""):
        """What of the value is not as the schema says. A member that it does not name is one too."""
        schema = self.resolve(schema)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                all_faults = [self.faults(value, one, where) for one in schema[word]]
                return min(all_faults, key=len)
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        if types and not any(has_type(value, name) for name in types):
            return [f"{where}: {value!r} is no {' or '.join(types)}"]
        found = []
        if "const" in schema and value != schema["const"]:
            found.append(f"{where}: {value!r} is not {schema['const']!r}")
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{where}: {value!r} is none of {schema['enum']}")
        if schema.get("format") == "date-time" and isinstance(value, str) and not TIME.match(value):
            found.append(f"{where}: {value!r} is no time")
        if isinstance(value, dict):
            found += [f"{where}/{name} is missing" for name in schema.get("required", []) if name not in value]
            known = schema.get("properties")
            for name, member in value.items():
                if known is None:
                    continue
                if name not in known:
                    found.append(f"{where}/{name} is not described")
                else:
                    found += self.faults(member, known[name], f"{where}/{name}")
        if isinstance(value, list) and "items" in schema:
            for number, item in enumerate(value):
                found += self.faults(item, schema["items"], f"{where}/{number}")
        return found

    def operation(self, method, path):
        """The operation that serves the path, however it is escaped; HEAD is served by that of GET."""
        if method != method.upper():
            return None  # methods are told apart by case
        method = "GET" if method == "HEAD" else method
        path = "/".join(urllib.parse.unquote(part).replace("/", "%2F") for part in path.split("/"))
        best = None
        for pattern, methods in self.json["paths"].items():
            if method.lower() not in methods:
                continue
            if re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(pattern)), path):
                if best is None or pattern.count("{") < best[0].count("{"):
                    best = (pattern, methods[method.lower()])
        return best and best[1]

    def takes(self, method, target, parameter):
        """Whether the route has this parameter in its query."""
        operation = self.operation(method, target.partition("?")[0])
        named = operation.get("parameters", []) if operation else []
        return any(one["name"] == parameter and one["in"] == "query" for one in map(self.resolve, named))

    def faults_of_answer(self, method, target, answer):
        """Of a response in JSON: its status, its type, its body."""
        path = target.partition("?")[0]
        if method == "OPTIONS":
            return []
        operation = self.operation(method, path)
        if operation is None:
            return [] if answer.status in (404, 405, 501) else [f"{method} {path} is not described"]
        status = str(answer.status)
        response = operation["responses"].get(status) or operation["responses"].get(status[0] + "XX")
        if response is None:
            return [f"{method} {path}: status {status} is not described"]
        response = self.resolve(response)
        if answer.status in (204, 304) or method == "HEAD":
            return []
        content = answer.headers.get("Content-Type", "").partition(";")[0]
        if content not in response.get("content", {}):
            return [f"{method} {path}: {content} is not described for status {status}"]
        if "json" not in content:
            return []
        described = response["content"][content]
        if content == "application/problem+json":
            name = answer.json["type"].removeprefix("/problems/")
            if name not in described.get("examples", {}):
                return [f"{method} {path}: {name} is not described for status {status}"]
        schema = described["schema"]
        return [f"{method} {path} {status}{fault}" for fault in self.faults(answer.json, schema)]
