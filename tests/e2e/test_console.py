"""The console in a browser, by keyboard and mouse, in both languages, on a desk and on a phone."""

import contextlib
import json
import pathlib
import shutil
import sqlite3

from browser import Browser, Page
from harness import EndToEnd, Later, main, wait_until

AXE = pathlib.Path(__file__).parent / "vendor" / "axe.min.js"
SECTIONS = ("offers", "products", "sales", "commands", "projections")
PHONE = (390, 844)
FOCUSED = """(() => {
    const at = document.activeElement;
    return [at.tagName.toLowerCase(), at.id || at.getAttribute("aria-label") || at.innerText?.trim() || ""].join(" ");
})()"""


class Console(EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser(cls.folder)
        cls.addClassCleanup(cls.browser.close)

    def open(self, language="en-US", size=(1280, 800), query=""):
        page = Page(self.browser, language, *size)
        self.addCleanup(page.close)
        page.go(f"http://127.0.0.1:{self.server.port}/console{query}")
        page.wait("document.activeElement?.id === 'key'")
        return page

    def signed_in(self, **how):
        page = self.open(**how)
        page.type(self.api.api_key)
        page.press("Enter")
        page.wait("document.querySelector('main table')")
        page.wait("document.querySelector('#bar .live')")
        return page

    def go_to(self, page, section):
        page.click(f'#bar a[href="#/{section}"]')
        page.wait(f"document.querySelector('#bar a[aria-current]')?.getAttribute('href') === '#/{section}'")
        page.wait("document.activeElement?.tagName === 'H1'")

    def open_offer(self, page, offer_id):
        link = json.dumps(f'main a[href="#/offers/{offer_id}"]')
        page.wait(f"document.querySelector({link})")
        page.run(f"document.querySelector({link}).focus()")
        page.press("Enter")
        page.wait("document.querySelector('#slider') && document.querySelector('#state dl')")

    def shown(self, page, member):
        """The value of a member of the state that is on the page."""
        return page.run(
            f"""[...document.querySelectorAll('#state > dl > div')]
                .find((each) => each.querySelector('dt').innerText.startsWith({json.dumps(member)}))
                ?.querySelector('dd').innerText"""
        )

    def wait_shown(self, page, member, value):
        page.wait(
            f"""[...document.querySelectorAll('#state > dl > div')].some((each) =>
                each.querySelector('dt').innerText.startsWith({json.dumps(member)}) &&
                each.querySelector('dd').innerText === {json.dumps(value)})"""
        )

    def assert_clean(self, page):
        self.assertEqual(page.problems, [], "errors in the browser's console")


class SignIn(Console):
    def test_a_wrong_key_is_told_and_the_right_one_lets_in(self):
        page = self.open()
        page.type("vtr_wrong")
        page.press("Enter")
        page.wait_text("[role=alert]", "not valid")
        self.assertEqual(page.run(FOCUSED), "input key")
        self.assertEqual(page.run("document.querySelector('#key').value"), "")
        self.assertTrue(all("401" in problem for problem in page.problems), page.problems)
        page.type(self.api.api_key)
        page.press("Enter")
        page.wait("document.querySelector('main table')")
        self.assertEqual(page.run(FOCUSED), "h1 Offers")

    def test_the_key_is_in_memory_only(self):
        page = self.signed_in()
        kept = page.run(
            """(async () => [localStorage.length, sessionStorage.length, document.cookie,
                (await indexedDB.databases()).length, (await caches.keys()).length,
                (await navigator.serviceWorker.getRegistrations()).length])()"""
        )
        self.assertEqual(kept, [0, 0, "", 0, 0, 0])
        self.go_to(page, "projections")
        seen = page.run(
            """JSON.stringify([location.href, history.state, document.documentElement.outerHTML, window.name,
                performance.getEntriesByType("resource").map((each) => each.name)])"""
        )
        self.assertIn("/console/app.js", seen)
        self.assertNotIn(self.api.api_key, seen)
        page.reload()
        page.wait("document.activeElement?.id === 'key'")
        self.assertEqual(page.run("document.querySelector('#key').value"), "")
        self.assert_clean(page)

    def test_signing_out_leaves_nothing_behind(self):
        self.api.create_offer(name="Segredo")
        page = self.signed_in()
        page.wait_text("main", "Segredo")
        page.click("#bar button")
        page.wait("document.activeElement?.id === 'key'")
        self.assertNotIn("Segredo", page.run("document.documentElement.outerHTML"))
        self.assertFalse(page.run("document.querySelector('#bar').checkVisibility()"))
        self.assert_clean(page)

    def test_a_key_that_is_revoked_meanwhile_ends_the_session(self):
        made = json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)
        page = self.open()
        page.type(made["api_key"])
        page.press("Enter")
        page.wait("document.querySelector('main table')")
        prefix = "_".join(made["api_key"].split("_")[:2])
        self.server.cli("key", "revoke", self.tenant, prefix, check=0)
        page.click('#bar a[href="#/products"]')
        page.wait("document.activeElement?.id === 'key'")
        page.wait_text("[role=alert]", "not valid")


class Live(Console):
    def test_an_offer_appears_and_changes_without_a_reload(self):
        page = self.signed_in()
        page.run("window.sameDocument = true")
        page.wait_text("main", "Nothing here yet.")
        offer = self.api.create_offer(name="Café da Manhã")
        row = f'tr[data-id="{offer["offer_id"]}"]'
        page.wait_text(row, "Café da Manhã")
        page.wait_text(f"{row} .badge", "draft")
        page.wait_text("#announcer", "Offer created: Café da Manhã")
        product = self.api.create_product()["product_id"]
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/products", {"product_id": product})
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/activate")
        page.wait_text(f"{row} .badge", "active")
        page.wait_text(f"{row} .revenue", "R$")
        self.go_to(page, "products")
        page.wait_text("tbody", "R$19.90")
        self.api.must(200, "PATCH", f"/v1/products/{product}", {"price_cents": 2990})
        page.wait_text("tbody", "R$29.90")
        self.assertTrue(page.run("window.sameDocument"))
        self.assert_clean(page)

    def test_the_stream_goes_on_after_a_restart_of_the_server(self):
        page = self.signed_in()
        listen = self.server.ready["listen"]
        self.server.stop()
        page.wait("document.querySelector('#bar .broken')")
        self.server.arguments[self.server.arguments.index("--listen") + 1] = listen
        self.server.start()
        self.api = self.client(self.api.api_key)
        offer = self.api.create_offer(name="Depois")
        page.wait_text(f'tr[data-id="{offer["offer_id"]}"]', "Depois")
        page.wait("document.querySelector('#bar .live')")


class Offer(Console):
    def test_its_timeline_its_data_and_its_state_at_any_version(self):
        offer = self.api.create_active_offer(name="Primeiro nome", description="Antes")["offer_id"]
        self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"name": "Segundo nome"})
        page = self.signed_in()
        self.open_offer(page, offer)
        self.assertEqual(page.run(FOCUSED), "h1 Segundo nome")
        happened = "[...document.querySelectorAll('.timeline strong')].map((each) => each.innerText)"
        self.assertEqual(page.run(happened), ["Offer created", "Offer activated", "Offer edited"])
        self.assertEqual(self.shown(page, "name"), "Segundo nome")

        page.run("document.querySelector('.timeline summary').focus()")
        page.press("Enter")
        page.wait("document.querySelector('.timeline details').open")
        data = page.text(".timeline details")
        self.assertIn("Primeiro nome", data)
        self.assertIn("Antes", data)
        self.assertNotIn("{", data, "members, not JSON")

        page.run("document.querySelector('#slider').focus()")
        page.press("ArrowLeft")
        page.press("ArrowLeft")
        self.wait_shown(page, "name", "Primeiro nome")
        self.wait_shown(page, "status", "draft")
        self.assertEqual(page.run("document.querySelector('#slider').getAttribute('aria-valuetext')"),
                         "State at version 1 of 3")  # fmt: skip
        self.assertEqual(page.run("document.querySelector('.timeline [aria-current]').dataset.version"), "1")
        page.press("ArrowRight")
        self.wait_shown(page, "status", "active")
        marked = page.run("[...document.querySelectorAll('#state .marked > dt')].map((each) => each.innerText)")
        self.assertTrue(any(each.startswith("status") for each in marked), marked)
        self.assertFalse(any(each.startswith("name") for each in marked), marked)

        # What happens meanwhile lengthens the timeline and leaves the reader where he is.
        self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"name": "Terceiro nome"})
        page.wait(f"({happened}).length === 4")
        page.wait_text("h1", "Terceiro nome")
        page.wait_text("#state-title", "State at version 2 of 4")
        self.assertEqual(self.shown(page, "name"), "Primeiro nome")
        page.press("End")
        self.wait_shown(page, "name", "Terceiro nome")
        self.assert_clean(page)

    def test_a_failed_attempt_stands_in_the_timeline_with_its_reason(self):
        offer = self.api.create_offer()["offer_id"]
        page = self.signed_in()
        self.open_offer(page, offer)
        self.sandbox.faults({"method": "PUT", "path": "/offers", "action": {
            "status": 400, "body": {"message": "no such colour", "error": "Bad Request", "statusCode": 400}}})  # fmt: skip
        self.api.must(422, "PATCH", f"/v1/offers/{offer}", {"name": "Vermelho"})
        page.wait_text(".timeline .failed", "Offer could not be edited")
        page.run("document.querySelector('.timeline .failed details').open = true")
        page.wait_text(".timeline .failed details", "no such colour")
        self.assert_clean(page)


class Commands(Console):
    def test_what_is_unfinished_comes_and_goes(self):
        page = self.signed_in()
        self.go_to(page, "commands")
        page.wait_text("main", "Nothing here yet.")
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 5000}, "times": 1})
        other = self.client(self.api.api_key)
        slow = Later(lambda: other.post("/v1/offers", {"name": "Devagar"}))
        page.wait_text("tbody", "Create offer")
        page.wait_text("tbody .badge", "running")
        self.assertEqual(slow.join().status, 201)
        page.wait_text("main", "Nothing here yet.")

        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"status": 503}})
        late = self.api.post("/v1/offers", {"name": "Depois"}, headers={"Idempotency-Key": "k1"}).json
        page.wait_text("tbody .badge", "may be sent again")
        page.wait_text("tbody", late["title"])
        page.wait_text("tbody", late["command_id"])
        page.run("document.querySelector('main select').focus()")
        page.press("End")
        page.wait_text("tbody .badge", "succeeded")
        self.assertNotIn(late["command_id"], page.text("tbody"))
        self.assert_clean(page)


class Projections(Console):
    def test_each_has_its_state_and_lag(self):
        self.api.create_offer()
        page = self.signed_in()
        self.go_to(page, "projections")
        wanted = [each["name"] for each in self.api.must(200, "GET", "/v1/projections").json["projections"]]
        self.assertEqual(page.run("[...document.querySelectorAll('tbody th')].map((each) => each.innerText)"), wanted)
        for name in wanted:
            page.wait(
                f"""[...document.querySelectorAll('tbody tr')].some((row) =>
                    row.innerText.startsWith({json.dumps(name)}) && row.innerText.includes("running") &&
                    row.innerText.includes("up to date"))"""
            )
        page.wait_text("main", "None of yours.")
        self.assert_clean(page)


class ParkedEvents(Console):
    def test_what_could_not_be_applied_is_shown_until_it_is_dismissed(self):
        offer = self.api.create_offer(name="Antes")["offer_id"]
        position = self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"name": "Depois"}).json["position"]
        self.server.stop()
        with contextlib.closing(sqlite3.connect(self.server.data / "events.db")) as log:  # as a faulty program might
            log.execute("DROP TRIGGER events_never_change")
            log.execute("UPDATE events SET data = '{\"name\":7}' WHERE position = ?", (position,))
            log.commit()
        shutil.rmtree(self.server.data / "read_models")
        self.server.start()
        page = self.signed_in()
        self.go_to(page, "projections")
        page.wait_text("section tbody", f"offer-{offer}")
        page.wait_text("section tbody", "Offer edited")
        page.wait("document.querySelector('td.alert')")
        self.api = self.client(self.api.api_key)
        for each in self.api.must(200, "GET", "/v1/projections").json["projections"]:
            if each["parked"]:
                self.server.cli("parked", "dismiss", each["name"], f"offer-{offer}", "--tenant", self.tenant, check=0)
        page.wait("!document.querySelector('td.alert')")
        page.wait_text("section tbody", "dismissed")
        self.assert_clean(page)


class Languages(Console):
    def test_it_speaks_portuguese_to_whom_the_browser_says_so(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        page = self.signed_in(language="pt-BR,pt")
        self.assertEqual(page.run("document.documentElement.lang"), "pt-BR")
        self.assertEqual(page.text("#bar nav").split(), ["Ofertas", "Produtos", "Vendas", "Comandos", "Projeções"])
        page.wait_text("tbody .badge", "ativa")
        self.open_offer(page, offer)
        self.assertIn("Oferta ativada", page.text(".timeline"))
        page.wait_text("#state-title", "Estado na versão 2 de 2")
        for section in SECTIONS:
            self.go_to(page, section)
        self.assert_clean(page)

    def test_the_other_language_is_a_link_of_the_sign_in(self):
        page = self.open()
        self.assertEqual(page.text("h1 ~ button"), "Sign in")
        page.click('main a[hreflang="pt-BR"]')
        page.wait_text("main button", "Entrar")
        page.wait("document.querySelector('main a')?.hreflang === 'en'")
        page.click('main a[hreflang="en"]')
        page.wait_text("main button", "Sign in")


class Keyboard(Console):
    def tab(self, page, times, shift=False):
        stops = []
        for _ in range(times):
            page.press("Tab", shift)
            stops.append(page.run(FOCUSED))
        return stops

    def test_everything_is_reached_by_tab_in_the_order_of_the_page(self):
        self.api.create_offer(name="Chá")
        page = self.open()
        self.assertEqual(self.tab(page, 2), ["button Sign in", "a Português"])
        self.assertEqual(self.tab(page, 3, shift=True), ["button Sign in", "input key", "a skip"])
        page.press("Tab")
        page.type(self.api.api_key)
        page.press("Enter")
        page.wait_text("tbody", "Chá")
        self.assertEqual(page.run(FOCUSED), "h1 Offers")
        stops = self.tab(page, 6)
        self.assertEqual([stop.split()[0] for stop in stops], ["input", "select", "select", "select", "div", "a"])
        self.assertEqual(stops[-2:], ["div Offers", "a Chá"])
        page.run("document.querySelector('h1').focus()")
        back = ["button Sign out", "a Projections", "a Commands", "a Sales", "a Products", "a Offers", "a skip"]
        self.assertEqual(self.tab(page, 7, shift=True), back)
        page.press("Enter")
        self.assertEqual(page.run(FOCUSED).split()[0], "main")

    def test_the_focus_can_be_seen(self):
        page = self.signed_in()
        self.tab(page, 1)
        outline = page.run("getComputedStyle(document.activeElement).outlineStyle")
        self.assertEqual(outline, "solid")


class Accessible(Console):
    def faults_of(self, page):
        page.wait("!document.querySelector('[aria-busy=true]')")
        page.run(AXE.read_text())
        found = page.run("axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)")
        return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]

    def pages(self, page):
        """Every section, and an offer; the name of each when it is shown."""
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"status": 503}})
        self.api.post("/v1/offers", {"name": "Depois"}, headers={"Idempotency-Key": "k1"})
        self.sandbox.no_faults()
        page.wait_text("main", "Café")
        yield "offers"
        for section in SECTIONS[1:]:
            self.go_to(page, section)
            yield section
        self.go_to(page, "offers")
        self.open_offer(page, offer)
        page.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        yield "offer"

    def test_every_page_passes_the_checks_of_axe(self):
        page = self.open()
        self.assertEqual(self.faults_of(page), [])
        for scheme in ("light", "dark"):
            page = self.signed_in()
            page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            for name in self.pages(page):
                with self.subTest(name, scheme=scheme):
                    self.assertEqual(self.faults_of(page), [])

    def test_axe_finds_what_is_wrong(self):
        page = self.open()
        page.run("document.querySelector('label').remove()")
        self.assertIn("label", [name for name, _ in self.faults_of(page)])

    def test_nothing_is_wider_than_a_phone(self):
        page = self.signed_in(size=PHONE)
        for name in self.pages(page):
            with self.subTest(name):
                self.assertLessEqual(page.run("document.documentElement.scrollWidth"), PHONE[0])
        self.assert_clean(page)


class Policy(Console):
    def test_nothing_foreign_and_nothing_inline_runs(self):
        policy = self.api.get("/console").headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        page = self.open()
        self.assert_clean(page)
        refused = page.run(
            """(() => { const made = document.createElement("script");
                try { made.textContent = "window.ran = 1"; document.body.append(made); } catch { return "refused"; }
            })()"""
        )
        self.assertEqual(refused, "refused")
        page.run("document.body.setAttribute('style', 'color: red')")
        page.run("document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:1/x.png' }))")
        self.assertIsNone(page.run("window.ran ?? null"))
        for directive in ("script", "style-src", "img-src"):
            wait_until(lambda name=directive: any(name in problem for problem in page.problems), f"{directive} told")


if __name__ == "__main__":
    main()
