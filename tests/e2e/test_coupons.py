"""Coupons as a seller keeps them: codes that are there once, what they are limited to, their end, lists."""

import threading

from harness import EndToEnd, main

TEN = {"type": "percentage", "value": 10}
GHOST = "01890000-0000-7000-8000-000000000000"


class Coupons(EndToEnd):
    def create(self, code, status=201, headers=None, query="", **more):
        body = {"code": code, "discount": TEN, **more}
        return self.api.must(status, "POST", f"/v1/coupons{query}", body, headers=headers or {})

    def disable(self, code, status=200, body=None, headers=None):
        return self.api.must(status, "POST", f"/v1/coupons/{code}/disable", body or {}, headers=headers or {})

    def read(self, code, position):
        return self.api.must(200, "GET", f"/v1/coupons/{code}?at_least={position}").json

    def codes(self, query, position):
        page = self.api.must(200, "GET", f"/v1/coupons?{query}&at_least={position}").json
        return [item["code"] for item in page["items"]]

    def feed(self):
        events = self.api.must(200, "GET", "/v1/events?from=1&category=coupon&limit=1000").json["events"]
        return [(event["type"], event["data"]) for event in events]

    def test_a_coupon_is_made_read_and_ended(self):
        offer = self.api.create_active_offer()
        limits = {
            "min_cart_cents": 5000, "max_uses": 100, "max_uses_per_customer": 1, "offers": [offer["offer_id"]],
            "exclusive_group": "campanha",
        }  # fmt: skip
        answer = self.create("Verao10", valid_from="2026-12-01T00:00:00-03:00", valid_to="2027-03-01T00:00:00Z", **limits)
        made = answer.json
        self.assertEqual((made["coupon_id"], made["code"], made["status"], made["version"]), ("verao10", "Verao10", "active", 1))
        self.assertEqual(answer.headers["Location"], "/v1/coupons/verao10")
        self.assertEqual(answer.headers["ETag"], '"1"')
        coupon = self.read("VERAO10", made["position"])
        wanted = {
            **limits, "coupon_id": "verao10", "code": "Verao10", "discount": TEN, "valid_from": "2026-12-01T03:00:00Z",
            "valid_to": "2027-03-01T00:00:00Z", "used": 0, "locked": 0, "status": "active", "version": 1,
            "position": made["position"],
        }  # fmt: skip
        self.assertEqual({name: value for name, value in coupon.items() if not name.endswith("ed_at")}, wanted)

        ended = self.disable("verao10", body={"reason": "Fim da campanha"}).json
        self.assertEqual((ended["coupon_id"], ended["code"], ended["status"], ended["version"]), ("verao10", "Verao10", "disabled", 2))
        after = self.read("verao10", ended["position"])
        self.assertEqual((after["status"], after["version"], after["created_at"]), ("disabled", 2, coupon["created_at"]))
        again = self.api.post("/v1/coupons/verao10/disable", {})
        self.assert_problem(again, 409, "illegal-transition")
        self.assertEqual(again.json["current_version"], 2)
        types = [type_ for type_, _ in self.feed()]
        self.assertEqual(types, ["CouponCreated", "CouponDisabled"])
        self.assertEqual(self.feed()[1][1], {"coupon_id": "verao10", "reason": "Fim da campanha"})

    def test_a_code_is_one_coupons_for_good_whatever_its_case(self):
        self.create("NATAL")
        for query in ("", "?dry_run=true"):
            self.assert_problem(self.create("natal", 409, query=query), 409, "coupon-taken")
        self.disable("Natal")
        self.assert_problem(self.create("NATAL", 409), 409, "coupon-taken")
        self.assertEqual(len(self.feed()), 2)
        portuguese = self.create("NATAL", 409, headers={"Accept-Language": "pt-BR"}).json
        self.assertEqual(portuguese["title"], "O código pertence a outro cupom")
        self.assertEqual(portuguese["detail"], 'O código "natal" pertence a outro cupom.')
        self.restart()
        self.assert_problem(self.create("nataL", 409), 409, "coupon-taken")

    def test_many_at_once_make_one_coupon_of_a_code(self):
        statuses = []

        def create(code):
            own = type(self.api)(self.server.port, self.api.api_key)
            statuses.append(own.post("/v1/coupons", {"code": code, "discount": TEN}).status)
            own.close()

        threads = [threading.Thread(target=create, args=(code,)) for code in ("SAME", "same", "Same", "sAME") * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(statuses), [201] + [409] * 7)
        self.assertEqual(len(self.feed()), 1)

    def test_a_request_is_done_once_and_only_on_the_version_that_it_names(self):
        key = {"Idempotency-Key": "cupom-1"}
        first = self.create("UMA", headers=key)
        second = self.create("UMA", headers=key)
        self.assertEqual((second.json, second.headers["Idempotency-Replayed"]), (first.json, "true"))
        self.assert_problem(self.create("OUTRA", 422, headers=key), 422, "idempotency-key-reused")
        self.assert_problem(self.create("uma", 412, headers={"If-None-Match": "*"}), 412, "version-mismatch")
        self.assert_problem(self.disable("uma", 412, headers={"If-Match": '"2"'}), 412, "version-mismatch")
        self.disable("uma", headers={"If-Match": '"1"'})
        self.assertEqual(len(self.feed()), 2)

    def test_a_dry_run_says_what_would_be_and_does_nothing(self):
        answer = self.create("SECO", 200, query="?dry_run=true").json
        self.assertEqual((answer["dry_run"], answer["coupon_id"]), (True, "seco"))
        self.assertEqual([event["type"] for event in answer["events"]], ["CouponCreated"])
        self.assertEqual(self.feed(), [])
        self.assert_problem(self.api.get("/v1/coupons/seco"), 404, "not-found")

    def test_rules_and_forms_are_told_at_once_in_both_languages(self):
        body = {
            "code": "café", "discount": {"type": "percentage", "value": 10.125}, "max_uses": 0, "offers": [GHOST, 7],
            "products": ["none"], "valid_from": "2026-12-02T00:00:00Z", "valid_to": "2026-12-01T00:00:00Z",
        }  # fmt: skip
        pointers = ["/code", "/discount/value", "/max_uses", "/offers/0", "/offers/1", "/products/0", "/valid_to"]
        said = []
        for language in ("en", "pt-BR"):
            answer = self.api.post("/v1/coupons", body, headers={"Accept-Language": language})
            self.assert_problem(answer, 422, "validation-failed")
            self.assertEqual(sorted(fault["pointer"] for fault in answer.json["errors"]), pointers)
            said.append({fault["pointer"]: fault["detail"] for fault in answer.json["errors"]})
        for pointer in pointers:
            self.assertNotEqual(said[0][pointer], said[1][pointer])
        for discount in ({"type": "percentage", "value": 100.5}, {"type": "fixed", "value": 0.5}, {"type": "half", "value": 1}):
            self.assert_problem(self.create("X", 422, discount=discount), 422, "validation-failed")
        for kind, value in (("percentage", 0), ("fixed", 0), ("fixed", -1)):
            self.assert_problem(self.create("X", 422, discount={"type": kind, "value": value}), 422,
                                pointers=["/discount/value"])  # fmt: skip
        for member in ("offers", "products"):
            self.assert_problem(self.create("X", 422, **{member: []}), 422, "validation-failed", pointers=[f"/{member}"])
        same = "2026-12-01T00:00:00Z"
        self.assert_problem(self.create("X", 422, valid_from=same, valid_to=same), 422, pointers=["/valid_to"])
        for code in ("-a", "a b", "a/b", "x" * 51):
            self.assert_problem(self.create(code, 422), 422, "validation-failed", pointers=["/code"])
        self.assertEqual(self.feed(), [])

    def test_lists_are_filtered_and_paged(self):
        made = [self.create(f"LISTA-{number}").json for number in range(5)]
        position = self.disable("lista-0").json["position"]
        self.assertEqual(self.codes("", position), [f"LISTA-{number}" for number in (4, 3, 2, 1, 0)])
        self.assertEqual(self.codes("status=disabled", position), ["LISTA-0"])
        self.assertEqual(self.codes("status=active&q=lista-3", position), ["LISTA-3"])
        self.assertEqual(self.codes("q=nothing", position), [])
        found, target = [], f"/v1/coupons?limit=2&at_least={position}"
        while target:
            page = self.api.must(200, "GET", target).json
            found += [item["coupon_id"] for item in page["items"]]
            target = page["next_cursor"] and f"/v1/coupons?limit=2&cursor={page['next_cursor']}"
        self.assertEqual(found, [each["coupon_id"] for each in reversed(made)])
        self.assert_problem(self.api.get("/v1/coupons?status=sold"), 422)
        self.assert_problem(self.api.get("/v1/coupons/unknown"), 404, "not-found")
        self.assert_problem(self.api.post("/v1/coupons/unknown/disable", {}), 404, "not-found")

    def test_nothing_is_sent_to_the_platform(self):
        before = len(self.sandbox.requests())
        self.create("AQUI")
        self.disable("aqui")
        self.assertEqual(len(self.sandbox.requests()), before)


if __name__ == "__main__":
    main()
