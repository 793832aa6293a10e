"""The published schemas and the server agree: an independent validator judges generated bodies of every command, and
each body, sent as a dry run, is taken or refused as the validator says, with the same pointers."""

import copy
import decimal
import json
import random
import re

import jsonschema
from harness import EndToEnd, main

# Faults that no schema can tell: they depend on what is there, or on how a number is written.
RULES = {
    "number_too_large", "number_too_precise", "number_out_of_range", "unknown_product", "archived_product", "duplicate", "mismatch", "currency", "above_price", "too_much", "no_products",
    "too_precise", "no_time", "above_max", "not_after", "unknown_offer", "not_future", "no_sku", "out_of_range", "bad_url", "unknown_type", "not_alone", "before_from",
    "email", "phone_form", "phone_country", "phone_length", "phone_area", "phone_ninth_digit", "phone_subscriber", "document_form", "check_digits",
    "unknown_locale", "same", "unknown_customer", "required_of_new", "unknown_coupon", "either", "not_blocked", "only_of_cards", "only_of_later_payment", "required_of_cards", "required_to_pay",
    "bump_name", "unknown_bump", "not_offered", "past",
}
TEXTS = [
    "", "a", "ab", "Café", "  ", "\t\n", "\u00a0\u00a0", "\u3000\u3000", "\u200b\u200b", "\ufeff\u2060", "\u2800x", "é" * 255,
    "é" * 256, "😀" * 255, "😀" * 256, "x" * 50, "x" * 51, "x" * 500, "x" * 501, "y" * 5000, "z" * 5001, "a-b", "-ab", "ab-", "ab\n",
    "AB", "a_b", " ab", "ab\u3000", "a b", "a\u2028b", "\U000e0061\U000e0100",
    "\U0001d173x", "x\U0001d173", "\ufffe\ufdd0", "a\ufffeb", "a\U0001fffeb", "percentage", "fixed", "BRL", "brl", "digital", "single", "funnel", "null",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "1", "-1", "2", "50", "100", "101", "1000000", "1000001", "1000000000000", "1000000000001", "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "18446744073709551616", "100000000000000000000000000000",
    "0.0", "1.0", "100.0", "1e2", "1E+2", "1000e-1", "1e12", "1.000000000001e12", "1.5", "0.5", "99.99", "100.5", "-1.0", "1e22", "1e400", "-1e400",
]  # fmt: skip
OTHERS = [None, True, False, [], {}, [None], {"a": {"b": [1]}}, {"vitrine": 1}, {"": ""}]
NUMBER = "#number:"  # before the text of a number, so that it is sent as it is written


def written(body):
    return re.sub(rf'"{NUMBER}([^"]*)"', r"\1", json.dumps(body, ensure_ascii=False)).encode()


def is_integer(_, value):
    if isinstance(value, decimal.Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(_, value):
    return isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool)


Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer).redefine("number", is_number),
)


def pointer(path):
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def pointers_of(error):
    """Where the error is, told as the server tells it: a missing or foreign member itself is named."""
    path = list(error.absolute_path)
    if error.validator == "required":
        return {pointer([*path, name]) for name in error.validator_value if name not in error.instance}
    if error.validator == "additionalProperties":
        return {pointer([*path, name]) for name in error.instance if name not in error.schema["properties"]}
    if error.validator == "anyOf":
        return {pointer([*path, error.validator_value[0]["required"][0]])}
    if error.validator == "not" and isinstance(error.instance, dict):
        return {pointer([*path, error.validator_value["required"][0]])}
    return {pointer(path)}


class Bodies:
    """Bodies for a schema: mostly valid ones, and what is near them."""

    def __init__(self, seed, products):
        self.random = random.Random(seed)
        self.products = products

    def some(self, values):
        return copy.deepcopy(self.random.choice(values))

    def anything(self):
        return self.some([self.some(TEXTS), NUMBER + self.some(NUMBERS), self.some(OTHERS)])

    def value(self, name, schema):
        """Of the schema's type, at or near its limits; often valid."""
        kinds = schema.get("type", "object")
        kind = kinds if isinstance(kinds, str) else self.some(kinds)
        if name in self.products and self.random.random() < 0.7:
            return self.some(self.products[name])
        if "enum" in schema and self.random.random() < 0.8:
            return self.some(schema["enum"])
        if kind == "string":
            return self.some(TEXTS)
        if kind in ("integer", "number"):
            if self.random.random() < 0.5:
                return self.some([schema.get("minimum", 0), schema.get("minimum", 0) + 1, schema.get("maximum", 10), 10])
            return NUMBER + self.some(NUMBERS)
        if kind == "boolean":
            return self.some([True, False])
        if kind == "array":
            size = self.some([0, 1, 2, 2, 3])
            return [self.value("", schema["items"]) for _ in range(size)]
        if kind == "null":
            return None
        return self.object(schema)

    def object(self, schema):
        members = schema.get("properties", {})
        if not members:
            return self.some([{}, {"a": 1}, {"a": {"b": [0.5, "x", None]}}, {"vitrine": 1}])
        wanted = set(schema.get("required", [])) | {name for name in members if self.random.random() < 0.35}
        if self.random.random() < 0.1 and wanted:
            wanted.discard(self.random.choice(sorted(wanted)))
        return {name: self.value(name, members[name]) for name in members if name in wanted}

    def body(self, schema):
        body = self.object(schema)
        for _ in range(self.some([0, 0, 1, 1, 2])):
            self.mutate(body)
        return body

    def mutate(self, body):
        holders = []

        def walk(node):
            if isinstance(node, dict):
                holders.append(node)
                for child in node.values():
                    walk(child)
            elif isinstance(node, list):
                holders.append(node)
                for child in node:
                    walk(child)

        walk(body)
        holder = self.random.choice(holders)
        if isinstance(holder, list):
            holder.append(self.anything())
            return
        name = self.some(["name", "Name", "colour", "", "a/b", "products", "discount", *holder])
        if name in holder and self.random.random() < 0.3:
            del holder[name]
        else:
            holder[name] = self.anything()


class Schemas(EndToEnd):
    def commands(self):
        document = self.api.get("/openapi.json").json
        schemas = document["components"]["schemas"]
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                reference = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                name = reference.get("$ref", "").rsplit("/", 1)[-1]
                if name == operation["operationId"] and name in schemas:
                    yield name, method.upper(), path, schemas[name]

    def test_an_independent_validator_says_what_the_server_says(self):
        product = self.api.must(201, "POST", "/v1/products", {"name": "Curso", "price_cents": 1000}).json
        other = self.api.must(201, "POST", "/v1/products", {"name": "Livro", "price_cents": 2000}).json
        offer = self.api.must(
            201, "POST", "/v1/offers", {"name": "Oferta", "products": [{"product_id": product["product_id"]}]}
        ).json
        self.api.must(201, "POST", "/v1/coupons", {"code": "known", "discount": {"type": "fixed", "value": 1}})
        entries = [{"product_id": product["product_id"], "price_cents": 1}]
        self.api.must(200, "PUT", "/v1/price-lists/known", {"currency": "BRL", "entries": entries})
        endpoint = self.api.must(201, "POST", "/v1/webhook-endpoints", {"url": "https://a.example", "types": ["*"]}).json
        customer = self.api.must(201, "PUT", "/v1/customers", {"email": "ana@example.com", "name": "Ana"}).json
        other_customer = self.api.must(201, "PUT", "/v1/customers", {"email": "bia@example.com", "name": "Bia"}).json
        self.api.must(200, "PUT", "/v1/stock/KNOWN", {"on_hand": 5})
        made = {"items": [{"sku": "KNOWN", "quantity": 1}], "reference": "known"}
        reservation = self.api.must(201, "POST", "/v1/reservations", made).json
        times = {"activate_at": "2036-12-01T00:00:00-03:00", "pause_at": "2037-01-01T00:00:00Z", "archive_at": "2037-02-01T00:00:00.5Z"}
        self.api.must(200, "PUT", f"/v1/offers/{offer['offer_id']}/schedule", times)
        sold = {"name": "Vendida", "products": [{"product_id": product["product_id"]}], "activate": True}
        sold = self.api.must(201, "POST", "/v1/offers", sold).json
        self.api.must(200, "POST", f"/v1/quotes?at_least={sold['position']}", {"offer_id": sold["offer_id"]})
        for each in (offer["offer_id"], sold["offer_id"]):
            self.api.must(200, "PUT", f"/v1/offers/{each}/bumps/capa", {"product_id": other["product_id"]})
        self.api.must(200, "POST", f"/v1/offers/{sold['offer_id']}/revisions")
        checkout = self.api.must(201, "POST", "/v1/checkouts", {"offer_id": sold["offer_id"]}).json
        products = {
            **{name: [time] for name, time in times.items()},
            "url": ["https://a.example/x", "https://b.example:8443"], "types": ["*"], "legacy_signature_header": ["X-Signature"],
            "product_id": [product["product_id"], other["product_id"]],
            "clubify_product_id": [product["clubify_product_id"], other["clubify_product_id"]],
            "code": ["VERAO10", "natal_2"], "exclusive_group": ["campanha"],
            "email": ["ana@example.com", "Eva@example.com"], "phone": ["(11) 98765-4321"], "document": ["529.982.247-25"], "locale": ["pt_BR"],
            "into": [other_customer["customer_id"]], "purpose": ["news"], "bumps": [["capa"]], "effective_at": ["2036-12-01T00:00:00Z"], "channel": ["mail"], "tags": [["a", "b-1"]],
        }
        judged = {}
        for name, method, path, schema in self.commands():
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = Validator(schema)
            entity = product if path.startswith("/v1/products") else offer
            entity = endpoint if path.startswith("/v1/webhook-endpoints") else entity
            entity = customer if path.startswith("/v1/customers") else entity
            entity = reservation if path.startswith("/v1/reservations") else entity
            entity = checkout if path.startswith("/v1/checkouts") else entity
            id_ = next(entity[f"{kind}_id"] for kind in ("checkout", "reservation", "customer", "endpoint", "offer", "product") if f"{kind}_id" in entity)
            names = {"id": id_, "tag": "a", "product_id": product["product_id"], "code": "known", "bump": "capa", "name": "known", "sku": "KNOWN", "receiver": "clubify"}
            target = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], path) + "?dry_run=true"
            bodies = Bodies(name, products)
            taken = refused = 0
            for _ in range(150):
                sent = written(bodies.body(schema))
                errors = list(validator.iter_errors(json.loads(sent, parse_float=decimal.Decimal)))
                wanted = set().union(*(pointers_of(error) for error in errors))
                answer = self.api.request(method, target, sent)
                with self.subTest(command=name, body=sent.decode()):
                    told = [] if answer.status < 400 else answer.json.get("errors", [])
                    of_schema = {fault["pointer"] for fault in told if fault["code"] not in RULES}
                    self.assertIn(answer.status, (200, 409, 422), answer)
                    self.assertEqual(of_schema, wanted, answer)
                    if wanted:
                        self.assertEqual(answer.status, 422, answer)
                        refused += 1
                    else:
                        taken += 1
            judged[name] = (taken, refused)
        self.assertGreaterEqual(len(judged), 11)
        for name, (taken, refused) in judged.items():
            with self.subTest(command=name):
                self.assertGreater(taken, 5, judged)
                self.assertGreater(refused, 20, judged)

    def test_integers_are_taken_however_they_are_written(self):
        for written_price in (b"100", b"100.0", b"1e2", b"1E+2", b"1000e-1"):
            with self.subTest(written_price):
                body = b'{"name":"Cha","price_cents":' + written_price + b"}"
                made = self.api.must(201, "POST", "/v1/products", body).json
                read = self.api.must(200, "GET", f"/v1/products/{made['product_id']}?at_least={made['position']}")
                self.assertIn(b'"price_cents":100,', read.raw)
                sent = self.sandbox.state("products", _id=made["clubify_product_id"])[0]
                self.assertEqual(sent["pricing"]["price"], 100)
                self.assertIsInstance(sent["pricing"]["price"], int)

    def test_an_integer_beyond_every_limit_is_one_clear_fault(self):
        for number, code in ((b"99999999999999999999999", "maximum"), (b"-99999999999999999999999", "minimum")):
            answer = self.api.must(422, "POST", "/v1/products", b'{"name":"Cha","price_cents":' + number + b"}")
            self.assertEqual([(f["pointer"], f["code"]) for f in answer.json["errors"]], [("/price_cents", code)])

    def test_free_json_is_kept_as_given_or_refused(self):
        kept = (
            b'{"a":0.1,"b":-1.5e-7,"c":9007199254740993,"d":18446744073709551615,"e":[100.0,1e21,{"":null}],'
            b'"f":9007199254740993.0,"g":-0,"h":"\\u00e9\\ud83d\\ude00","i":12.340}'
        )
        made = self.api.must(201, "POST", "/v1/offers", b'{"name":"Livre","metadata":' + kept + b"}").json
        read = self.api.must(200, "GET", f"/v1/offers/{made['offer_id']}?at_least={made['position']}").raw

        def exact(text):
            return json.loads(text, parse_float=decimal.Decimal, parse_int=decimal.Decimal)

        self.assertEqual(exact(read)["metadata"], exact(kept))
        there = self.sandbox.state("offers", _id=made["clubify_offer_id"])[0]["metadata"]
        self.assertEqual({name: there[name] for name in json.loads(kept)}, {**json.loads(kept), "f": 9007199254740993})
        for number, code in (
            (b"18446744073709551616", "number_too_large"),
            (b"-9223372036854775809", "number_too_large"),
            (b"0.1000000000000000000001", "number_too_precise"),
            (b"9007199254740993.5", "number_too_precise"),
            (b"1e-400", "number_too_precise"),
            (b"1e400", "number_out_of_range"),
            (b"-" + b"9" * 400, "number_out_of_range"),
        ):
            for member in (b"settings", b"theme", b"layout", b"seo", b"tracking"):
                body = b'{"name":"Livre","configuration":{"' + member + b'":{"a":[' + number + b"]}}}"
                answer = self.api.must(422, "POST", "/v1/offers", body)
                found = [(fault["pointer"], fault["code"]) for fault in answer.json["errors"]]
                self.assertEqual(found, [(f"/configuration/{member.decode()}/a/0", code)])
        beyond = self.api.must(422, "POST", "/v1/products", b'{"name":"Livre","price_cents":1e400}')
        self.assertIn(("/price_cents", "maximum"), [(f["pointer"], f["code"]) for f in beyond.json["errors"]])


if __name__ == "__main__":
    main()
