"""The console in a browser, by keyboard and mouse, in both languages, on a desk and on a phone."""

import contextlib
import datetime
import hashlib
import hmac
import json
import pathlib
import shutil
import sqlite3
import time

from browser import Browser, Page
from harness import EndToEnd, Later, main, wait_until

AXE = pathlib.Path(__file__).parent / "vendor" / "axe.min.js"
SECTIONS = ("offers", "products", "stock", "prices", "customers", "orders", "checkouts", "sales", "operations")
SIGN_OUT = "#bar > button:last-child"
PHONE = (390, 844)
SECRET = "whsec_0123456789abcdef0123456789abcdef"
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

    def go_to(self, page, section, part=None):
        if page.run("location.hash.split('/')[1]") != section:
            page.click(f'#bar a[href="#/{section}"]')
        page.wait(f"document.querySelector('#bar a[aria-current]')?.getAttribute('href') === '#/{section}'")
        page.wait("document.activeElement?.tagName === 'H1'")
        if part:
            page.click(f'.parts a[href="#/{section}/{part}"]')
            page.wait(f"document.querySelector('.parts a[aria-current]')?.getAttribute('href') === '#/{section}/{part}'")

    def follow(self, page, link):
        """As a click on a link does; afterwards what was shown before is gone."""
        page.run(
            "new Promise((followed) => {"
            f"  if (location.hash === {json.dumps(link)}) return followed();"
            "  addEventListener('hashchange', () => followed(), { once: true });"
            f"  location.hash = {json.dumps(link)};"
            "})"
        )

    def open_offer(self, page, offer_id):
        link = json.dumps(f'main a[href="#/offers/{offer_id}"]')
        page.wait(f"document.querySelector({link})")
        page.run(f"document.querySelector({link}).focus()")
        page.press("Enter")
        page.wait("document.querySelector('#slider') && document.querySelector('#state dl')")

    def open_product(self, page, product_id):
        link = json.dumps(f'main a[href="#/products/{product_id}"]')
        page.wait(f"document.querySelector({link})")
        page.run(f"document.querySelector({link}).focus()")
        page.press("Enter")
        page.wait("document.querySelector('.cards .card') && document.querySelector('.timeline li')")

    def shown(self, page, member):
        """The value of a member of the state that is on the page."""
        return page.run(
            f"""[...document.querySelectorAll('#state > dl > div')]
                .find((each) => each.querySelector('dt').textContent.startsWith({json.dumps(member)}))
                ?.querySelector('dd').innerText"""
        )

    def wait_shown(self, page, member, value):
        page.wait(
            f"""[...document.querySelectorAll('#state > dl > div')].some((each) =>
                each.querySelector('dt').textContent.startsWith({json.dumps(member)}) &&
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

    def test_the_key_is_kept_for_the_tab_and_nowhere_else(self):
        page = self.signed_in()
        kept = page.run(
            """(async () => [localStorage.length, document.cookie,
                (await indexedDB.databases()).length, (await caches.keys()).length,
                (await navigator.serviceWorker.getRegistrations()).length, Object.values(sessionStorage)])()"""
        )
        self.assertEqual(kept, [0, "", 0, 0, 0, [self.api.api_key]])
        self.go_to(page, "products")
        seen = page.run(
            """JSON.stringify([location.href, history.state, document.documentElement.outerHTML, window.name,
                performance.getEntriesByType("resource").map((each) => each.name)])"""
        )
        self.assertIn("/console/app.js", seen)
        self.assertNotIn(self.api.api_key, seen)
        page.reload()
        page.wait("document.querySelector('#bar .live')")
        self.assertEqual(page.text("h1"), "Products", "the page that was shown")
        another = self.open()
        self.assertEqual(another.run("sessionStorage.length"), 0)
        self.assert_clean(page)

    def test_a_key_that_was_revoked_while_the_tab_was_away_asks_for_another(self):
        page = self.signed_in()
        made = json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)
        page.run(f"sessionStorage.setItem('vitrine.key', {json.dumps(made['api_key'])})")
        self.server.cli("key", "revoke", self.tenant, "_".join(made["api_key"].split("_")[:2]), check=0)
        page.reload()
        page.wait_text("[role=alert]", "not valid")
        self.assertEqual(page.run("sessionStorage.length"), 0)

    def test_signing_out_leaves_nothing_behind(self):
        self.api.create_offer(name="Segredo")
        page = self.signed_in()
        page.wait_text("main", "Segredo")
        page.click(SIGN_OUT)
        page.wait("document.activeElement?.id === 'key'")
        self.assertEqual(page.run("sessionStorage.length"), 0)
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
        page.wait_text("main", "No offers yet.")
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
    def test_what_has_nothing_in_it_has_no_price(self):
        offer = self.api.create_offer(name="Vazia")["offer_id"]
        page = self.signed_in()
        self.open_offer(page, offer)
        self.wait_shown(page, "name", "Vazia")
        self.assertNotIn("0.00", page.text("main .columns"))
        self.assertNotIn("total", page.run("[...document.querySelectorAll('#state dt')].map((each) => each.textContent)"))
        product = self.api.create_product()["product_id"]
        self.api.must(200, "POST", f"/v1/offers/{offer}/products", {"product_id": product})
        self.wait_shown(page, "total", "R$19.90")

    def test_its_timeline_its_data_and_its_state_at_any_version(self):
        offer = self.api.create_active_offer(name="Primeiro nome", description="Antes")["offer_id"]
        self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"name": "Segundo nome"})
        page = self.signed_in()
        self.open_offer(page, offer)
        self.assertEqual(page.run(FOCUSED), "h1 Segundo nome")
        happened = "[...document.querySelectorAll('.timeline strong')].map((each) => each.innerText)"
        self.assertEqual(page.run(happened), ["Offer created", "Offer activated", "Offer edited"])
        self.wait_shown(page, "name", "Segundo nome")

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
        marked = page.run("[...document.querySelectorAll('#state .marked > dt')].map((each) => each.textContent)")
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
        page.wait_text(".timeline .failed .why", "no such colour")
        page.wait_text(".timeline .failed .when", "by you")
        self.sandbox.no_faults()
        self.sandbox.faults({"method": "PUT", "path": "/offers", "action": {"status": 503}})
        self.api.must(503, "PATCH", f"/v1/offers/{offer}", {"name": "Verde"})
        page.wait_text(".timeline .failed:last-child .why", "Reason: Clubify did not answer.")
        self.assert_clean(page)


class Commands(Console):
    def test_what_is_unfinished_comes_and_goes(self):
        page = self.signed_in()
        self.go_to(page, "operations", "commands")
        page.wait_text("main", "Nothing is unfinished.")
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 5000}, "times": 1})
        other = self.client(self.api.api_key)
        slow = Later(lambda: other.post("/v1/offers", {"name": "Devagar"}))
        page.wait_text("tbody", "Create offer")
        page.wait_text("tbody .badge", "running")
        self.assertEqual(slow.join().status, 201)
        page.wait_text("main", "Nothing is unfinished.")

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
        self.go_to(page, "operations", "projections")
        wanted = [each["name"] for each in self.api.must(200, "GET", "/v1/projections").json["projections"]]
        page.wait(f"document.querySelectorAll('tbody th').length === {len(wanted)}")
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
        self.go_to(page, "operations", "projections")
        page.wait_text("section tbody", f"offer-{offer}")
        page.wait_text("section tbody", "Offer edited")
        page.wait("document.querySelector('td .alert')")
        self.api = self.client(self.api.api_key)
        for each in self.api.must(200, "GET", "/v1/projections").json["projections"]:
            if each["parked"]:
                self.server.cli("parked", "dismiss", each["name"], f"offer-{offer}", "--tenant", self.tenant, check=0)
        page.wait("!document.querySelector('td .alert')")
        page.wait_text("section tbody", "dismissed")
        self.assert_clean(page)


class Languages(Console):
    def test_it_speaks_portuguese_to_whom_the_browser_says_so(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        page = self.signed_in(language="pt-BR,pt")
        self.assertEqual(page.run("document.documentElement.lang"), "pt-BR")
        self.assertEqual(page.text("#bar nav").split(), ["Ofertas", "Produtos", "Estoque", "Preços", "Clientes", "Pedidos", "Checkouts", "Vendas", "Operação"])
        page.wait_text("tbody .badge", "ativa")
        self.open_offer(page, offer)
        self.assertIn("Oferta ativada", page.text(".timeline"))
        page.wait_text("#state-title", "Estado na versão 2 de 2")
        for section in SECTIONS:
            self.go_to(page, section)
        self.assert_clean(page)

    def test_the_language_is_switched_without_signing_in_again(self):
        page = self.signed_in()
        self.go_to(page, "products")
        page.click("#bar a.language")
        page.wait_text("h1", "Produtos")
        page.go(f"http://127.0.0.1:{self.server.port}/console#/sales")
        page.wait_text("h1", "Vendas")
        self.assert_clean(page)

    def test_sellers_pages_have_sellers_words(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        product = self.api.must(200, "GET", f"/v1/offers/{offer}").json["products"][0]["product_id"]
        for language in ("en-US", "pt-BR"):
            page = self.signed_in(language=language)
            for name in ("offers", "products", "sales", f"offers/{offer}", f"products/{product}"):
                page.run(f"location.hash = '#/{name}'")
                page.wait(f"!document.querySelector('main').innerText.match(/Loading|Carregando/) && location.hash === '#/{name}'")
                if "/" in name:
                    page.wait("document.querySelector('.timeline details')")
                page.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
                for word in ("stream", "projection", "webhook", "position", "fluxo", "projeç", "posiç"):
                    self.assertNotIn(word, page.text("main").lower(), name)

    def test_the_other_language_is_a_link_of_the_sign_in(self):
        page = self.open()
        self.assertEqual(page.text("h1 ~ button"), "Sign in")
        page.click('main a[hreflang="pt-BR"]')
        page.wait_text("main button", "Entrar")
        page.wait("document.querySelector('main a')?.hreflang === 'en'")
        page.click('main a[hreflang="en"]')
        page.wait_text("main button", "Sign in")


class Unknown(Console):
    """What is not known is never shown as nothing: it is said, what was known stays with its age, and it comes back by itself."""

    def wait_back(self, page):
        page.wait("document.querySelector('#trouble').hidden")

    def test_a_server_that_is_away_is_told_on_every_page_and_what_was_shown_stays(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        product = self.api.must(200, "GET", f"/v1/offers/{offer}").json["products"][0]["product_id"]
        page = self.signed_in()
        listen = self.server.ready["listen"]
        pages = {"offers": "Café", "products": "Café", f"offers/{offer}": "Café", f"products/{product}": "Café"}
        for name, text in pages.items():
            with self.subTest(name):
                self.follow(page, f"#/{name}")
                page.wait_text("main", text)
                page.wait("import('/console/keep.js').then((keep) => keep.ofWhen()?.whole && "
                          "!document.querySelector('main').innerText.includes('Loading'))")  # some ask once others have come
                self.server.stop()
                page.wait("document.querySelector('#bar .broken')")
                page.wait_text("#trouble", "The service cannot be reached. What is shown is of ")
                page.click("#bar .connection")
                page.wait_text("#connection-means", "tried again by itself")
                page.press("Escape")
                self.assertIn(text, page.text("main"), "it is kept")
                self.server.arguments[self.server.arguments.index("--listen") + 1] = listen
                self.server.start()
                page.wait("document.querySelector('#bar .live')")
                self.wait_back(page)

    def test_a_page_that_is_opened_meanwhile_says_that_it_does_not_know_and_fills_itself(self):
        self.api.create_offer(name="Café")
        page = self.signed_in()
        page.wait_text("main", "Café")
        listen = self.server.ready["listen"]
        self.server.stop()
        for section in ("products", "sales", "offers"):
            self.go_to(page, section)
            page.wait_text("main", "Not known yet")
            self.assertNotIn("No offers", page.text("main"))
            page.wait_text("#trouble", "The service cannot be reached.")
            page.wait_text("#trouble", "asked again by itself")
        page.wait_text("main .seen", "As seen at ")
        page.wait_text("#trouble", "What was seen before stands below.")
        self.assertIn("Café", page.text("main .seen"))
        self.server.arguments[self.server.arguments.index("--listen") + 1] = listen
        self.server.start()
        page.wait("document.querySelector('main tbody tr[data-id]') && document.querySelector('main .seen').hidden")
        self.assertIn("Café", page.text("main"))
        self.wait_back(page)

    def test_a_reload_while_the_server_is_away_keeps_the_session(self):
        page = self.signed_in()
        page.call("Network.setBlockedURLs", urls=["*/v1/*"])
        page.reload()
        page.wait_text("#trouble", "cannot be reached")
        page.wait_text("main", "Not known yet")
        page.call("Network.setBlockedURLs", urls=[])
        page.wait("document.querySelector('#bar .live')")
        self.wait_back(page)

    def test_it_does_not_hammer_a_server_that_is_away(self):
        page = self.signed_in()
        page.wait_text("main", "No offers yet.")
        page.run("window.asked = 0; const real = fetch; window.fetch = (...all) => { ++window.asked; return real(...all); }")
        page.call("Network.setBlockedURLs", urls=["*/v1/*"])
        self.go_to(page, "products")
        page.wait_text("#trouble", "cannot be reached")
        begun = page.run("[performance.now(), window.asked]")
        page.wait(f"performance.now() > {begun[0]} + 6000")
        self.assertLessEqual(page.run("window.asked") - begun[1], 8)
        page.click("#trouble button")
        page.call("Network.setBlockedURLs", urls=[])
        page.wait_text("main", "No products yet.")
        self.wait_back(page)

    def test_when_clubify_is_away_live_figures_are_said_to_be_unknown_or_old(self):
        self.api.create_active_offer(name="Café")
        page = self.signed_in()
        page.wait_text("tbody .revenue", "R$0.00")
        self.sandbox.stop()
        page.run("document.querySelectorAll('.controls select')[2].value = '90_days'")
        page.run("document.querySelectorAll('.controls select')[2].dispatchEvent(new Event('change'))")
        page.wait_text("main .notice", "Clubify does not answer.")
        page.wait_text("tbody .revenue", "not known: Clubify does not answer")
        self.assertNotIn("R$0.00", page.text("tbody .revenue"))
        page.wait_text("#bar .connection", "Live, without Clubify")
        self.sandbox.start()

    def test_an_offer_that_clubify_does_not_have_is_no_platform_that_is_away(self):
        offer = self.api.create_active_offer(name="Café")
        platform = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(platform.close)
        self.assertEqual(platform.request("DELETE", f"/api/v1/offers/{offer['clubify_offer_id']}").status, 204)
        for language, listed, told, live in (
            ("en-US", "no figures of this offer", "Clubify does not have this offer", "Live"),
            ("pt-BR", "não tem números desta oferta", "o Clubify não tem esta oferta", "Ao vivo"),
        ):
            page = self.signed_in(language=language)
            page.wait_text("tbody .revenue", listed)
            self.open_offer(page, offer["offer_id"])
            page.wait_text("main .cards", told)
            self.assertEqual(page.text("#bar .connection").strip(), live)
            page.close()

    def test_a_server_that_is_slow_or_cannot_answer_now_is_told_in_its_words(self):
        self.api.create_offer(name="Café")
        page = self.signed_in()
        page.wait_text("main", "Café")
        page.run(
            """(() => { const real = window.fetch; window.refuse = true;
                window.fetch = (path, how) => (window.refuse && path.startsWith("/v1/products")
                    ? Promise.resolve(new Response(JSON.stringify({ title: "Full", detail: "The queue is full." }),
                        { status: 503, headers: { "Content-Type": "application/problem+json", "Retry-After": "1" } }))
                    : real(path, how)); })()"""
        )
        self.go_to(page, "products")
        page.wait_text("#trouble", "The service cannot answer now: The queue is full.")
        page.run("window.refuse = false")
        page.wait_text("main", "No products yet.")
        self.wait_back(page)
        page.call("Network.emulateNetworkConditions", offline=False, latency=6000, downloadThroughput=-1, uploadThroughput=-1)
        self.go_to(page, "offers")
        page.wait_text("#trouble", "takes longer than usual")
        page.wait_text("main", "Café")
        self.wait_back(page)


    def test_a_platform_that_is_away_is_told_in_a_sentence_of_the_readers_language(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        for language, told in (("en-US", "Clubify does not answer now. Part of what is here could not be loaded yet."),
                               ("pt-BR", "O Clubify não responde agora. Uma parte daqui ainda não pôde ser carregada.")):  # fmt: skip
            page = self.signed_in(language=language)
            self.open_offer(page, offer)
            page.run(
                """(() => { const real = window.fetch;
                    window.fetch = (path, how) => (path.endsWith("/checkout-url")
                        ? Promise.resolve(new Response(JSON.stringify({ type: "/problems/clubify-unavailable", title: "Away",
                            detail: "the platform keeps failing: calls are held back" }),
                            { status: 503, headers: { "Content-Type": "application/problem+json", "Retry-After": "9" } }))
                        : real(path, how)); })()"""
            )
            page.run("[...document.querySelectorAll('main .actions button')].find((each) => /Checkout link|Link de checkout/.test(each.innerText)).click()")
            page.wait_text("dialog .notice", told.split(".")[0])
            page.wait_text("#trouble", told)
            self.assertNotIn("calls are held back", page.text("body"))

    def test_the_stream_is_tried_again_as_soon_as_anything_is_answered(self):
        page = self.signed_in()
        page.wait_text("main", "No offers yet.")
        page.run("window.back = null; import('/console/api.js').then(({ line }) => line.addEventListener('back', () => { window.back = performance.now(); }))")
        listen = self.server.ready["listen"]
        self.server.stop()
        page.wait("document.querySelector('#bar .broken')")
        begun = page.run("performance.now()")
        page.wait(f"performance.now() > {begun} + 8000")
        self.server.arguments[self.server.arguments.index("--listen") + 1] = listen
        self.server.start()
        page.run("document.querySelector('#trouble button')?.click()")
        page.wait("document.querySelector('#bar .live')")
        self.assertLess(page.run("performance.now() - (window.back ?? performance.now())"), 1500)


class Sales(Console):
    def sell(self, offer, order, cents, day, source=None):
        body = json.dumps({
            "id": f"evt_{order}", "event": "order.completed", "timestamp": f"{day}T15:00:00Z",
            "data": {"orderId": order, "offerId": offer["clubify_offer_id"], "total": cents, "currency": "BRL",
                     "metadata": {"utm_source": source} if source else {}},
        }).encode()  # fmt: skip
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        answer = self.api.request("POST", f"/v1/webhooks/clubify/{self.tenant}", body, headers={
            "X-Clubify-Signature": signature, "X-Clubify-Timestamp": str(int(time.time()))})  # fmt: skip
        self.assertEqual(answer.status, 200, answer)

    def rows(self, page, caption):
        return page.run(
            f"""[...document.querySelectorAll('table')].filter((each) => each.caption.innerText === {json.dumps(caption)})
                .flatMap((each) => [...each.tBodies[0].rows]).map((row) => [...row.cells].slice(0, 3).map((cell) => cell.innerText.trim()))"""
        )

    def test_best_sellers_are_of_everything_with_their_share_and_old_sales_are_found(self):
        self.server.cli("tenant", "change", self.tenant, "--webhook-secret", "-", stdin=SECRET, check=0)
        first = self.api.create_offer(name="Primeira")
        second = self.api.create_offer(name="Segunda")
        self.sell(first, "o1", 2500, "2025-03-01", "google")
        self.sell(second, "o2", 5000, "2025-03-05")
        self.sell(second, "o3", 2500, "2025-03-31", "google")
        page = self.signed_in()
        self.go_to(page, "sales")
        page.wait_text("main .notice", "No sale in the period chosen (30 days). Shown are the days up to the last sale: Mar 2, 2025 to Mar 31, 2025.")
        page.wait_text(".cards", "R$75.00")
        page.wait("document.querySelectorAll('.bar-day').length === 30")
        self.assertEqual(self.rows(page, "Best sellers"), [["Segunda", "R$75.00", "100.0 %"]])

        page.run("document.querySelector('main select').focus()")
        page.press("End")
        page.wait("document.activeElement?.type === 'date'")
        page.run("""(() => { const [from, to] = document.querySelectorAll('.dates input');
            from.value = '2025-03-01'; to.value = '2025-03-31'; to.dispatchEvent(new Event('change')); })()""")
        page.wait_text(".cards", "R$100.00")
        self.assertEqual(self.rows(page, "Best sellers"), [["Segunda", "R$75.00", "75.0 %"], ["Primeira", "R$25.00", "25.0 %"]])
        self.assertEqual(self.rows(page, "Where the revenue comes from"), [["direct", "R$50.00", "50.0 %"], ["google", "R$50.00", "50.0 %"]])
        self.sell(first, "o4", 10000, "2025-03-15")
        page.wait_text(".cards", "R$200.00")
        self.assertEqual(self.rows(page, "Best sellers")[0], ["Primeira", "R$125.00", "62.5 %"])
        self.assert_clean(page)

        choose = """(() => { const [from, to] = document.querySelectorAll('.dates input');
            from.value = '%s'; to.value = '%s'; to.dispatchEvent(new Event('change')); })()"""
        page.run(choose % ("2001-01-01", "2025-03-31"))
        page.wait_text("main [role=alert]", "Too many days: choose 3,660 at most")
        self.assertNotIn("R$", page.text("main"), "figures of other days")
        page.run(choose % ("2025-03-31", "2025-03-01"))
        page.wait_text(".cards", "R$200.00")
        self.assertEqual(page.text("main [role=alert]"), "")
        self.assertEqual(page.run("[...document.querySelectorAll('.dates input')].map((each) => each.value)"), ["2025-03-01", "2025-03-31"])

    def test_offers_are_sorted_by_what_they_sold_on_the_server(self):
        self.server.cli("tenant", "change", self.tenant, "--webhook-secret", "-", stdin=SECRET, check=0)
        offers = [self.api.create_offer(name=f"Oferta {number}") for number in range(3)]
        for offer, cents in zip(offers, (100, 300, 200)):
            self.sell(offer, offer["slug"], cents, "2025-03-01")
        page = self.signed_in()
        page.wait_text("main", "Oferta 0")
        page.run("document.querySelectorAll('.controls select')[1].value = '-revenue_cents'")
        page.run("document.querySelectorAll('.controls select')[1].dispatchEvent(new Event('change'))")
        page.wait("[...document.querySelectorAll('tbody th')].map((each) => each.innerText.trim()).join() === 'Oferta 1,Oferta 2,Oferta 0'")
        page.wait_text("main", "sorted by all sales ever reported")
        page.wait_text("tbody .revenue", "reported: R$3.00")
        page.wait_text("main", "“Live revenue”, orders and conversion are of ")

    def test_where_nothing_was_sold_it_is_said_for_which_days(self):
        page = self.signed_in()
        self.go_to(page, "sales")
        page.wait_text("main", "No sale was reported from ")
        self.assert_clean(page)


class Prices(Console):
    def quote(self, page, offer, coupon):
        if page.run("location.hash") != "#/prices":
            self.go_to(page, "prices")
        page.wait(f"document.querySelector('form.panel option[value=\"{offer}\"]')")
        page.run(f"""(() => {{
            const select = document.querySelector("form.panel select");
            select.value = "{offer}";
            select.dispatchEvent(new Event("change"));
        }})()""")
        page.wait("document.querySelector('.quote-lines input')?.value === '2'")
        page.run("document.querySelector('input[name=coupon]').value = ''; document.querySelector('input[name=coupon]').focus()")
        page.type(coupon)
        page.press("Enter")

    def test_a_quote_says_in_words_what_it_is_made_of(self):
        product = self.api.create_product(name="Caneca", price_cents=1000, currency="BRL")["product_id"]
        offer = self.api.create_offer(name="Canecas", currency="BRL", products=[{"product_id": product, "quantity": 2}])["offer_id"]
        self.api.must(201, "POST", "/v1/coupons", {"code": "DEZ", "discount": {"type": "percentage", "value": 10}})
        told = {"en-US": ("2 × Caneca at the list price", "Caneca: the coupon dez on R$20.00", "R$18.00"),
                "pt-BR": ("2 × Caneca ao preço de tabela", "Caneca: o cupom dez sobre R$\u00a020,00", "R$\u00a018,00")}  # fmt: skip
        for language, words in told.items():
            page = self.signed_in(language=language)
            self.quote(page, offer, "dez")
            for each in words:
                page.wait_text("main", each)
            self.assertIn("DEZ", page.text("main"))  # among the coupons
            self.quote(page, offer, "nada")
            page.wait("document.querySelector('input[name=coupon]').getAttribute('aria-invalid') === 'true'")
            page.close()

    def test_a_price_list_is_made_and_changed(self):
        product = self.api.create_product(name="Caneca", sku="CAN-1", price_cents=1000, currency="BRL")["product_id"]
        page = self.signed_in()
        self.go_to(page, "prices")
        lists = "main section:nth-of-type(3)"
        page.wait_text(lists, "Nothing")
        page.click(f"{lists} button.primary")
        page.wait("document.querySelector('dialog textarea[name=entries]')")
        self.assertFalse(page.run("Boolean(document.querySelector('dialog textarea').value)"))
        for selector, text in (("input[name=name]", "atacado"), ("input[name=segment]", "b2b"), ("textarea[name=entries]", "CAN-1; 8.50; 10")):
            page.run(f"document.querySelector('dialog {selector}').focus()")
            page.type(text)
        page.click("dialog button.primary")
        page.wait_text(lists, "Caneca: R$8.50 from 10 on")
        made = self.api.must(200, "GET", "/v1/price-lists/atacado").json
        self.assertEqual(made["entries"], [{"product_id": product, "min_quantity": 10, "price_cents": 850}])
        page.click(f"{lists} td.todo button")
        page.wait("document.querySelector('dialog textarea').value === 'CAN-1; 8.50; 10'")
        page.run("document.querySelector('dialog textarea').value = 'CAN-1; 8,40\\nCAN-2; 1'")
        page.click("dialog button.primary")
        page.wait_text("dialog", "Line 2: there is no product with the SKU CAN-2.")
        page.run("document.querySelector('dialog textarea').value = 'CAN-1; 8,40'")
        page.click("dialog button.primary")
        page.wait_text(lists, "Caneca: R$8.40")
        self.assertEqual(self.api.must(200, "GET", "/v1/price-lists/atacado").json["version"], 2)

    def test_a_coupon_is_made_and_ended_and_who_may_only_read_sees_no_buttons(self):
        page = self.signed_in()
        self.go_to(page, "prices")
        page.click("main section:nth-of-type(2) button.primary")
        page.wait("document.querySelector('dialog input[name=code]')")
        for name, text in (("code", "Verao"), ("discount", "12.5 %"), ("max_uses", "3")):
            page.run(f"document.querySelector('dialog input[name={name}]').focus()")
            page.type(text)
        page.press("Enter")
        page.wait_text("main", "Verao")
        page.wait_text("main", "0 of 3")
        coupon = self.api.must(200, "GET", "/v1/coupons/verao").json
        self.assertEqual(coupon["discount"], {"type": "percentage", "value": 12.5})
        page.click("main section:nth-of-type(2) td.todo button")
        page.wait("document.querySelector('dialog button.danger')")
        page.click("dialog button.danger")
        page.wait_text("main section:nth-of-type(2) table", "disabled")
        key = json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)["api_key"]
        self.api = self.client(key)
        page = self.signed_in()
        self.go_to(page, "prices")
        page.wait_text("main", "Verao")
        self.assertFalse(page.run("Boolean(document.querySelector('main section:nth-of-type(2) button.primary, td.todo button'))"))


class Orders(Console):
    def test_orders_are_listed_and_one_has_its_lines_what_was_given_back_and_a_masked_buyer(self):
        self.api.create_offer(name="Canecas", slug=self.tenant, currency="BRL")
        lines = ("order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status,name,email,shipping_cents\n"
                 "c1,2026-03-01T10:00:00Z,OFFER,CAN-1,2,3000,mail,,,completed,Ana Lima,ana@example.com,250\n"
                 "c2,2026-03-02T10:00:00Z,OFFER,CAN-1,1,1500,mail,,,cancelled,Ana Lima,ana@example.com,\n")  # fmt: skip
        self.sandbox.control("POST", "/orders", lines.replace("OFFER", self.tenant).encode())
        there = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(there.close)
        self.assertEqual(there.request("POST", "/api/v1/payments/txn_c1/refund", {}).status, 200)
        self.api.must(200, "POST", "/v1/adoptions?only=customers,orders")
        told = {"en-US": ("an adoption", "Given back", "R$32.50"), "pt-BR": ("uma adoção", "Devolvido", "R$\u00a032,50")}
        for language, words in told.items():
            page = self.signed_in(language=language)
            self.go_to(page, "orders")
            page.wait("document.querySelectorAll('td.todo button').length === 2")
            page.run("[...document.querySelectorAll('tr')].find((row) => row.textContent.includes('c1')).querySelector('button').click()")
            page.wait("Boolean(document.querySelector('main section h2'))")
            for word in (*words, "CAN-1", "A••• L•••"):
                page.wait_text("main", word)
            self.assertNotIn("Ana Lima", page.text("main"))
            page.run("const s = document.querySelector('main select'); s.value = 'cancelled'; s.dispatchEvent(new Event('change'))")
            page.wait("document.querySelectorAll('td.todo button').length === 1")
            self.assertEqual(page.problems, [])
            page.close()


class Names(Console):
    HOSTILE = {
        "long": "x" * 255,
        "words": "palavra " * 31,
        "turned": "\u202egnirts desrever",
        "markup": "<img src=x onerror=alert(1)><script>window.ran = 1</script>",
        "stacked": "Z" + "\u0300" * 120,
    }

    def test_no_name_breaks_a_table_or_a_page(self):
        made = {}
        for kind, name in self.HOSTILE.items():
            product = self.api.create_product(name=name, sku=f"sku-{kind}")["product_id"]
            made[kind] = self.api.create_offer(name=name, slug=f"slug-{kind}", products=[{"product_id": product}])["offer_id"]
        for size in ((1280, 800), PHONE):
            page = self.signed_in(size=size)
            for section in ("offers", "products"):
                self.go_to(page, section)
                page.wait(f"document.querySelectorAll('tbody tr').length === {len(made)}")
                self.assertLessEqual(page.run("document.documentElement.scrollWidth"), size[0], section)
                heights = page.run("[...document.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect().height)")
                # On a phone every cell stands in the row, under its head.
                self.assertLessEqual(max(heights), 110 if size[0] > 600 else 260, section)
                self.assertNotIn("\u202e", page.text("tbody"))
                self.assertIn("<img src=x", page.text("tbody"))
            self.go_to(page, "offers")
            for kind, offer in made.items():
                with self.subTest(kind, size=size):
                    page.run(f"location.hash = '#/offers/{offer}'")
                    page.wait("document.querySelector('#state dl')")
                    self.assertLessEqual(page.run("document.documentElement.scrollWidth"), size[0])
            self.assertIsNone(page.run("window.ran ?? null"))
            self.assert_clean(page)

    def test_the_shop_and_its_environment_are_named(self):
        self.server.cli("tenant", "change", self.tenant, "--name", "Loja do Café", check=0)
        page = self.signed_in()
        self.assertEqual(page.text("#bar .brand").split("\n"), ["Loja do Café", "test"])


class Actions(Console):
    def press_button(self, page, text, where="main"):
        page.wait(f"[...document.querySelectorAll('{where} button')].some((each) => each.innerText === {json.dumps(text)} && !each.disabled)")
        page.run(f"[...document.querySelectorAll('{where} button')].find((each) => each.innerText === {json.dumps(text)}).click()")

    def opened(self, offer, **how):
        page = self.signed_in(**how)
        self.open_offer(page, offer)
        return page

    def test_an_offer_is_paused_with_a_reason_and_activated_again(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        page = self.opened(offer)
        self.press_button(page, "Pause")
        page.wait("document.querySelector('dialog[open]')")
        page.type("Férias")
        page.press("Enter")
        page.wait_text(".under .badge", "paused")
        page.wait_text(".timeline", "Reason: Férias")
        self.press_button(page, "Activate")
        page.wait_text(".under .badge", "active")
        self.assertEqual(self.api.types(offer), ["OfferCreated", "OfferActivated", "OfferPaused", "OfferActivated"])
        self.assert_clean(page)

    def test_a_price_is_changed_as_it_is_written_here_and_a_fault_stands_at_its_field(self):
        product = self.api.create_product(name="Café")["product_id"]
        page = self.signed_in(language="pt-BR")
        self.go_to(page, "products")
        self.open_product(page, product)
        self.press_button(page, "Mudar preço")
        page.wait("document.querySelector('dialog[open] input')")
        for wrong, said in (("muito", "Escreva um valor"), ("1,234", "Escreva um valor"), ("-5", "Escreva um valor de R$\u00a00,00 a "), ("99999999999999999", "Escreva um valor de R$\u00a00,00 a ")):
            page.run("document.querySelector('dialog input').select()")
            page.type(wrong)
            page.press("Enter")
            page.wait_text("dialog .field .error", said)
            self.assertEqual(page.run("document.activeElement.getAttribute('aria-invalid')"), "true")
        page.run("document.querySelector('dialog input').select()")
        page.type("0")
        page.press("Enter")
        page.wait_text("dialog [role=alert]", "passaria a ser grátis")
        page.run("document.querySelector('dialog input').select()")
        page.type("1.234,50")
        page.press("Enter")
        page.wait_text(".cards", "R$\u00a01.234,50")
        page.wait("!document.querySelector('dialog')")
        self.assertEqual(self.api.must(200, "GET", f"/v1/products/{product}").json["price_cents"], 123450)
        page.wait_text(".timeline", "Preço do produto alterado")

    def test_a_press_that_is_doubled_or_whose_answer_is_lost_happens_once(self):
        offer = self.api.create_offer(products=[{"product_id": self.api.create_product()["product_id"]}])["offer_id"]
        page = self.opened(offer)
        page.run(
            """(() => { const real = window.fetch; window.sent = [];
                window.fetch = async (path, how) => {
                    if (how.method !== "POST") return real(path, how);
                    window.sent.push(how.headers["Idempotency-Key"]);
                    const answer = await real(path, how);
                    if (window.sent.length === 1) throw new TypeError("the answer is lost");
                    return answer;
                }; })()"""
        )
        page.run("""(() => { const button = [...document.querySelectorAll('main button')]
            .find((each) => each.innerText === 'Activate'); button.click(); button.click(); })()""")
        page.wait("window.sent.length === 2")
        page.wait_text(".under .badge", "active")
        sent = page.run("window.sent")
        self.assertEqual((len(sent), len(set(sent))), (2, 1))
        self.assertEqual(self.api.types(offer), ["OfferCreated", "OfferActivated"])

    def test_what_somebody_else_changed_is_not_overwritten(self):
        product = self.api.create_product(name="Café")["product_id"]
        page = self.signed_in()
        self.go_to(page, "products")
        self.open_product(page, product)
        page.call("Network.setBlockedURLs", urls=["*/v1/events*"])  # it does not hear of it
        self.press_button(page, "Change price")
        page.run(
            """(() => { const real = window.fetch;
                window.fetch = (path, how) => (how.method === "PATCH" && (window.versions ??= []).push(how.headers["If-Match"]), real(path, how)); })()"""
        )
        self.api.must(200, "PATCH", f"/v1/products/{product}", {"price_cents": 777})
        page.run("document.querySelector('dialog input').select()")
        page.type("5.00")
        page.press("Enter")
        page.wait("window.versions?.length === 1")
        if page.run("window.versions[0]") == '"1"':
            page.wait_text("dialog [role=alert]", "Somebody else changed this meanwhile.")
            page.wait_text(".cards", "R$7.77")
            self.assertEqual(self.api.must(200, "GET", f"/v1/products/{product}").json["price_cents"], 777)
            page.press("Enter")
        page.wait_text(".cards", "R$5.00")

    def test_what_is_final_is_asked_for_and_can_be_left(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        page = self.opened(offer)
        self.press_button(page, "Archive…")
        page.wait_text("dialog", "cannot be undone")
        page.press("Escape")
        page.wait("!document.querySelector('dialog')")
        self.assertEqual(self.api.must(200, "GET", f"/v1/offers/{offer}").json["status"], "active")
        self.press_button(page, "Archive…")
        self.press_button(page, "Archive for good", "dialog")
        page.wait_text(".under .badge", "archived")
        page.wait("![...document.querySelectorAll('main button')].some((each) => ['Pause', 'Activate', 'Archive…', 'Change price'].includes(each.innerText))")

    def test_what_clubify_refuses_is_told_in_words(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        page = self.opened(offer)
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {
            "status": 400, "body": {"message": "not on Fridays", "error": "Bad Request", "statusCode": 400}}})  # fmt: skip
        self.press_button(page, "Pause")
        self.press_button(page, "Pause", "dialog")
        page.wait_text("dialog [role=alert]", "not on Fridays")

    def test_a_request_that_takes_long_says_why_and_goes_on_when_its_window_is_closed(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        page = self.opened(offer)
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 8000}, "times": 1})
        self.press_button(page, "Pause")
        page.wait("document.querySelector('dialog[open]')")
        page.press("Enter")
        page.wait_text("dialog .notice", "Closing this window does not undo it.")
        page.press("Escape")
        page.wait_text("main [role=alert]", "A request made here is under way")
        page.wait_text(".under .badge", "paused")
        page.wait("document.querySelector('main [role=alert]').innerText === ''")
        self.assert_clean(page)

    def test_who_may_only_read_sees_no_buttons(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        made = json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)
        self.api = self.client(made["api_key"])
        page = self.opened(offer)
        page.wait("document.querySelector('main .actions button')")
        self.assertEqual(page.run("[...document.querySelectorAll('main .actions button')].map((each) => each.innerText)"), ["Checkout link"])
        self.assertNotIn("Change price", page.text("main"))

    def test_an_offer_is_scheduled_by_the_time_of_the_device_and_the_schedule_cancelled(self):
        product = self.api.create_product()["product_id"]
        offer = self.api.create_offer(name="Café", products=[{"product_id": product}])["offer_id"]
        page = self.opened(offer)
        page.wait_text("main", "Nothing is scheduled for this offer.")
        self.press_button(page, "Schedule…")
        page.wait("document.querySelector('dialog[open] input[name=archive_at]')")
        self.press_button(page, "Schedule", "dialog")
        page.wait("document.querySelector('dialog [role=alert]').innerText !== ''")
        chosen = "2036-12-01T09:30"
        page.run("document.querySelector('dialog input[name=activate_at]').value = '2020-12-01T00:00'")
        self.press_button(page, "Schedule", "dialog")
        page.wait_text("dialog .field .error", "must be after now")
        page.run(f"document.querySelector('dialog input[name=activate_at]').value = '{chosen}'")
        self.press_button(page, "Schedule", "dialog")
        page.wait("!document.querySelector('dialog')")
        page.wait_text("main", "Cancel the schedule")
        page.wait_text("main", "to come")
        told = self.api.must(200, "GET", f"/v1/offers/{offer}/schedule").json
        moment = page.run(f"new Date('{chosen}').toISOString()").replace(".000Z", "Z")
        self.assertEqual((told["status"], told["activate_at"]), ("scheduled", moment))
        self.press_button(page, "Change the schedule…")
        page.wait("document.querySelector('dialog[open] input')")
        self.assertEqual(page.run("document.querySelector('dialog input[name=activate_at]').value"), chosen)
        page.press("Escape")
        self.press_button(page, "Cancel the schedule")
        self.press_button(page, "Cancel the schedule", "dialog")
        page.wait("!document.querySelector('dialog')")
        wait_until(lambda: self.api.get(f"/v1/offers/{offer}/schedule").json["status"] == "cancelled", "the end of the schedule")
        page.wait_text("main", "cancelled")
        refused = [problem for problem in page.problems if "422" in problem]
        self.assertEqual(len(refused), 2, page.problems)
        # Its process may note something between a look and a press, of which nobody is told but the browser.
        self.assertTrue(all("412" in problem for problem in page.problems if problem not in refused), page.problems)

    def test_what_was_due_and_could_not_be_done_is_told_on_the_offers_page(self):
        offer = self.api.create_offer(name="Vazia")["offer_id"]
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)).isoformat()
        self.api.must(200, "PUT", f"/v1/offers/{offer}/schedule", {"activate_at": soon})
        page = self.opened(offer)
        page.wait_text("main", "The offer could not be activated: products: ")
        self.assertNotIn("null", page.text("main"))
        self.assert_clean(page)

    def test_endpoints_are_made_looked_after_and_named_by_their_address(self):
        page = self.signed_in()
        self.go_to(page, "operations", "endpoints")
        self.press_button(page, "New endpoint")
        page.wait("document.querySelector('dialog[open] input[name=url]')")
        page.run("document.querySelector('dialog input[name=url]').value = 'https://receiver.invalid/hook'")
        self.press_button(page, "Create", "dialog")
        page.wait("document.querySelector('dialog .secret')?.value.startsWith('whsec_')")
        self.press_button(page, "Close", "dialog")
        page.wait_text("tbody", "https://receiver.invalid/hook")
        self.assertNotIn("whsec_", page.run("document.documentElement.outerHTML"))
        endpoint = self.api.must(200, "GET", "/v1/webhook-endpoints").json["items"][0]["endpoint_id"]
        self.api.must(200, "PATCH", f"/v1/webhook-endpoints/{endpoint}", {"description": "Estoque"})
        page.wait_text("tbody", "Estoque")
        self.press_button(page, "Send again")
        page.wait("document.querySelector('dialog[open] input[name=from]')")
        page.run("document.querySelector('dialog input[name=from]').value = 'one'")
        self.press_button(page, "Send again", "dialog")
        page.wait_text("dialog .error", "whole number")
        page.run("document.querySelector('dialog input[name=from]').value = '1'")
        page.run("document.querySelector('dialog input[name=to]').value = '2'")
        self.press_button(page, "Send again", "dialog")
        page.wait_text("main [role=status]", "from position 1 on")
        (asked,) = [each for each in self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
                    if each["type"] == "EndpointReplayAsked"]  # fmt: skip
        self.assertEqual((asked["data"]["from"], asked["data"]["to"]), (1, 2))
        self.api.must(200, "PATCH", f"/v1/webhook-endpoints/{endpoint}", {"description": "Depósito"})
        page.wait_text("tbody", "Depósito")  # and the version, which the replay has raised
        self.press_button(page, "Disable")
        self.press_button(page, "Disable", "dialog")
        page.wait_text("tbody .badge", "disabled")
        self.go_to(page, "operations", "deliveries")
        page.wait_text("tbody", "https://receiver.invalid/hook")
        gone = "01890000-0000-7000-8000-000000000000"
        for body in ({"enabled": True}, {"enabled": False, "reason": f"410 Gone: {gone}"}):
            self.api.must(200, "PATCH", f"/v1/webhook-endpoints/{endpoint}", body)
        for language, words in (("en-US", "the receiver answered 410 Gone"), ("pt-BR", "o receptor respondeu 410 Gone")):
            other = self.signed_in(language=language)
            self.go_to(other, "operations", "endpoints")
            other.wait_text("tbody", words)
        self.assert_clean(page)

    def test_processes_are_seen_with_what_they_wait_for(self):
        offer = self.api.create_active_offer(name="Café")["offer_id"]
        self.api.must(200, "PUT", f"/v1/offers/{offer}/schedule", {"pause_at": "2036-12-01T00:00:00Z"})
        page = self.signed_in(language="pt-BR")
        self.go_to(page, "operations", "processes")
        page.wait_text("tbody", "Agendamento de uma oferta")
        for text in ("Café", "esperando", "a hora de pausar a oferta", "2036"):
            page.wait_text("tbody", text)
        page.run("(() => { const select = document.querySelector('.controls select'); select.value = 'blocked'; "
                 "select.dispatchEvent(new Event('change')); })()")  # fmt: skip
        page.wait("document.querySelector('.scroll').hidden")
        self.assert_clean(page)

    def test_the_checkout_link_is_copied_and_has_its_qr_code(self):
        created = self.api.create_active_offer(name="Café")
        offer = created["offer_id"]
        link = self.api.must(
            200, "GET", f"/v1/offers/{offer}/checkout-url?at_least={created['position']}"
        ).json["checkout_url"]
        page = self.opened(offer)
        self.press_button(page, "Checkout link")
        page.wait("document.querySelector('dialog .qr')")
        self.assertEqual(page.run("document.querySelector('dialog input').value"), link)
        self.press_button(page, "Copy", "dialog")
        page.wait("['Copied.', 'The link is marked: copy it with your keyboard.'].includes(document.querySelector('dialog [role=status]').innerText)")
        self.assertTrue(page.run("document.querySelector('dialog a[download]').href").startswith("data:image/svg+xml"))
        self.assert_clean(page)


class Checkouts(Console):
    """Where the money is, and what was done for one checkout."""

    def paid(self, token, status):
        product = self.api.create_product(name="Curso", price_cents=2990, currency="BRL")["product_id"]
        made = self.api.must(201, "POST", "/v1/offers", {"name": "Curso", "currency": "BRL", "products": [{"product_id": product}], "activate": True}).json
        wait_until(lambda: self.api.post("/v1/quotes", {"offer_id": made["offer_id"]}).status == 200, "the offer to be priced")
        body = {"offer_id": made["offer_id"], "customer": {"email": "maria@example.com", "name": "Maria"}, "pay": {"method": "credit_card", "card_token": token}}
        answer = self.api.must(status, "POST", "/v1/checkouts", body).json
        return answer

    def test_money_steps_and_their_order_are_shown(self):
        done = self.paid("tok_approved_1", 201)
        page = self.signed_in()
        self.go_to(page, "checkouts")
        page.wait_text("main .cards", "29.90")
        page.wait_text("main table", "completed")
        page.click("main td.todo button")
        page.wait("document.querySelectorAll('main .timeline > li').length === 5")
        page.wait_text("main section[data-id]", done["order_id"])
        steps = page.run("[...document.querySelectorAll('main .timeline strong')].map((each) => each.textContent)")
        self.assertLess(steps.index("authorize"), steps.index("capture"))
        page.run("(() => { const slider = document.querySelector('main input[type=range]'); slider.value = 1; slider.dispatchEvent(new Event('input')); })()")
        self.assertEqual(page.run("document.querySelectorAll('main .timeline > li').length"), 1)
        self.assert_clean(page)

    def test_nothing_waits_for_anybody_until_it_does(self):
        page = self.signed_in()
        self.go_to(page, "checkouts")
        page.wait_text("main", "Nothing was paid yet.")
        page.wait_text("main", "Nothing waits for anybody.")
        page.wait_text("main", "No checkouts yet.")


class Modules(Console):
    """What the page reckons by itself."""

    def test_amounts_are_read_as_people_write_them(self):
        both = {"19,90": 1990, "19.90": 1990, "0,5": 50, ",5": 50, "1990": 199000, " 7 ": 700, "-5": -500, "abc": None, "": None,
                "1e5": None, "12.34.56": None, "1 2": None, "99999999999999999": None, "1.234.567,89": 123456789}  # fmt: skip
        own = {"pt-BR": {"R$ 1.990,00": 199000, "1.990": 199000, "1,990": None},
               "en-US": {"$1,990.00": 199000, "1,990": 199000, "1.990": None}}  # fmt: skip
        for language, cases in own.items():
            page = self.open(language=language)
            for text, cents in {**both, **cases}.items():
                with self.subTest(language, text=text):
                    read = page.run(f"import('/console/format.js').then(({{ centsOf }}) => centsOf({json.dumps(text)}))")
                    self.assertEqual(read, cents)

    def test_a_name_of_which_nothing_can_be_seen_is_said_by_what_else_there_is(self):
        """Commands refuse such names; the platform's own may have them."""
        page = self.open()
        for name in ("", " ", "\u200b\u2060\u00ad", "\u3164", "\u2800", "\u202e\u2066", "\u0007", None):
            with self.subTest(name):
                read = page.run(f"import('/console/names.js').then(({{ readable }}) => readable({json.dumps(name)}, 'caneca'))")
                self.assertEqual(read, "(name cannot be seen: caneca)")
        shown = page.run("import('/console/names.js').then(({ readable }) => readable('  a\\u202eb\\n\\u0000 👩‍🚀  '))")
        self.assertEqual(shown, "ab 👩‍🚀")

    def test_a_qr_code_is_what_readers_read(self):
        """zbarimg has read this one, and those of all versions up to 19."""
        page = self.open()
        field = page.run(
            """import('/console/qr.js').then(({ qrField }) =>
                qrField('https://checkout.clubify.com/cafe-da-manha?utm_source=google').map((row) => row.map(Number).join("")).join("\\n"))"""
        )
        self.assertEqual(hashlib.sha256(field.encode()).hexdigest(),
                         "33eb15dd27701fb751a8d4baf1de33da6f02bf2b903c9703bb1adc7434aebcb3")  # fmt: skip
        self.assertIsNone(page.run("import('/console/qr.js').then(({ qrField }) => qrField('x'.repeat(700)))"))


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
        back = ["button Sign out", "a Português", "button Live", "a Operations", "a Sales", "a Checkouts", "a Orders", "a Customers", "a Prices", "a Stock",
                "a Products", "a Offers", "a skip"]  # fmt: skip
        self.assertEqual(self.tab(page, len(back), shift=True), back)
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
        self.api.must(200, "PUT", f"/v1/offers/{offer}/schedule", {"pause_at": "2036-12-01T00:00:00Z"})
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"status": 503}})
        self.api.post("/v1/offers", {"name": "Depois"}, headers={"Idempotency-Key": "k1"})
        self.sandbox.no_faults()
        self.api.must(201, "POST", "/v1/webhook-endpoints", {"url": "https://receiver.invalid/hook", "types": ["OfferPaused"]})
        page.wait_text("main", "Café")
        yield "offers"
        for section in SECTIONS[1:]:
            self.go_to(page, section)
            yield section
        for part in ("processes", "projections", "webhooks", "endpoints", "deliveries"):
            self.go_to(page, "operations", part)
            yield part
        self.go_to(page, "products")
        self.open_product(page, self.api.must(200, "GET", "/v1/products").json["items"][0]["product_id"])
        yield "product"
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

    def test_on_a_phone_nothing_of_a_table_is_lost(self):
        """Every cell that a wide screen shows is on the screen, and tells the head of its column."""
        page = self.signed_in(size=PHONE)
        seen = """(() => {
            const rows = [...document.querySelectorAll('main table')].filter((each) => each.checkVisibility())
                .flatMap((each) => [...each.querySelectorAll('tbody tr')]);
            return rows.flatMap((row) => [...row.children].map((cell) => {
                const box = cell.getBoundingClientRect();
                const told = getComputedStyle(cell, '::before').content.slice(1, -1);
                const head = row.closest('table').querySelectorAll('thead tr > *')[cell.cellIndex].textContent;
                return { whole: box.width > 0 && box.height > 0 && box.left >= 0 && box.right <= innerWidth,
                         told: cell.tagName === 'TH' || told === head || head === '', text: cell.textContent };
            }));
        })()"""
        for name in self.pages(page):
            with self.subTest(name):
                for cell in page.run(seen):
                    self.assertTrue(cell["whole"] and cell["told"], cell)


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
