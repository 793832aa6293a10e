// Order bumps: a worked case for each rule, and what holds of all rules and buyers.
#include "rules/bumps/decide.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <functional>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::rules::bumps;

namespace {

const Timestamp opened = *parse_time("2026-12-01T12:00:00Z");

Timestamp at(int seconds) {
    return opened + std::chrono::seconds(seconds);
}

/// One bump of a product at 49.90, and a buyer to whom it is shown.
struct Page {
    Page() {
        bump.bump = "capa";
        bump.product_id = ProductId("case");
        bump.display_rules.match = "all";
        bump.design.position = "after_products";
        bump.pricing = {"percentage", JsonText("20"), false, std::nullopt};
        inputs.offer_active = true;
        inputs.rounding = "half_away";
        inputs.cart = {10'000, {ProductId("phone"), ProductId("card")}, {}};
        inputs.segments = {"vip"};
        inputs.device = "mobile";
        inputs.region = "SP";
        inputs.page_seconds = 30;
        facts.bump = "capa";
        facts.sold = true;
        facts.unit_cents = 4990;
    }

    Decision decide(Explain explain = Explain::yes) {
        rulebook = {OfferId("o"), 7, 5, {bump}};
        inputs.bumps = {facts};
        return rules::bumps::decide(rulebook, inputs, moment, explain).at(0);
    }
    bool shows() {
        const auto explained = decide(Explain::yes), quick = decide(Explain::no);
        CHECK(explained.show == quick.show);
        CHECK(explained.price_cents == quick.price_cents);
        CHECK(explained.next_change_at == quick.next_change_at);
        return explained.show;
    }

    Rulebook rulebook;
    events::Bump bump;
    BumpFacts facts;
    Inputs inputs;
    Moment moment{at(60), opened};
};

struct Case {
    const char* says;
    bool shows;
    std::function<void(Page&)> given;
};

events::DisplayRules& rules_of(Page& page) {
    return page.bump.display_rules;
}

std::vector<ProductId> products(std::initializer_list<const char*> ids) {
    std::vector<ProductId> all;
    for (const auto* id : ids) all.emplace_back(id);
    return all;
}

const Case cases[] = {
    {"nothing is asked of the cart", true, [](Page&) {}},
    // 2: the least is included, and so is the most
    {"2: the cart comes to the least", true, [](Page& p) { rules_of(p).cart_value_min = 10'000; }},
    {"2: it lacks a cent", false, [](Page& p) { rules_of(p).cart_value_min = 10'001; }},
    {"2: it comes to the most", true, [](Page& p) { rules_of(p).cart_value_max = 10'000; }},
    {"2: it has a cent more", false, [](Page& p) { rules_of(p).cart_value_max = 9'999; }},
    {"2: no limit", true, [](Page& p) { p.inputs.cart.value_cents = 1'000'000'000'000; }},
    // 3
    {"3: all of them, in another order",
     true,
     [](Page& p) { rules_of(p).required_products = products({"card", "phone"}); }},
    {"3: one of all is missing",
     false,
     [](Page& p) { rules_of(p).required_products = products({"phone", "charger"}); }},
    {"3: any of them",
     true,
     [](Page& p) {
         rules_of(p).required_products = products({"charger", "phone"});
         rules_of(p).match = "any";
     }},
    {"3: not any of them",
     false,
     [](Page& p) {
         rules_of(p).required_products = products({"charger"});
         rules_of(p).match = "any";
     }},
    {"3: none of them",
     true,
     [](Page& p) {
         rules_of(p).required_products = products({"charger"});
         rules_of(p).match = "none";
     }},
    {"3: none, and one is there",
     false,
     [](Page& p) {
         rules_of(p).required_products = products({"charger", "phone"});
         rules_of(p).match = "none";
     }},
    // 4
    {"4: one segment of several is enough",
     true,
     [](Page& p) { rules_of(p).customer_segments = {"new", "vip"}; }},
    {"4: another's segment", false, [](Page& p) { rules_of(p).customer_segments = {"new"}; }},
    {"4: somebody who is not known",
     true,
     [](Page& p) {
         rules_of(p).customer_segments = {"anonymous"};
         p.inputs.segments = {"anonymous"};
     }},
    {"4: a device", true, [](Page& p) { rules_of(p).device_types = {"tablet", "mobile"}; }},
    {"4: another device", false, [](Page& p) { rules_of(p).device_types = {"desktop"}; }},
    {"4: a device that nobody told",
     false,
     [](Page& p) {
         rules_of(p).device_types = {"mobile"};
         p.inputs.device.reset();
     }},
    {"4: another region", false, [](Page& p) { rules_of(p).regions = {"RJ"}; }},
    {"4: long enough on the page", true, [](Page& p) { rules_of(p).page_seconds_min = 30; }},
    {"4: not yet", false, [](Page& p) { rules_of(p).page_seconds_min = 31; }},
    // 5: show_after <= elapsed < hide_after
    {"5: at the first second", true, [](Page& p) { rules_of(p).time_based.show_after_seconds = 60; }
    },
    {"5: a second before", false, [](Page& p) { rules_of(p).time_based.show_after_seconds = 61; }},
    {"5: at the last second", true, [](Page& p) { rules_of(p).time_based.hide_after_seconds = 61; }
    },
    {"5: a second after", false, [](Page& p) { rules_of(p).time_based.hide_after_seconds = 60; }},
    // 6
    {"6: it is in the cart", false, [](Page& p) { p.inputs.cart.products.emplace_back("case"); }},
    {"6: it was accepted", false, [](Page& p) { p.inputs.cart.bumps = products({"case"}); }},
    {"6: the last one", true, [](Page& p) { p.facts.available = 1; }},
    {"6: sold out", false, [](Page& p) { p.facts.available = 0; }},
    {"6: it has no price in the offer's currency",
     false,
     [](Page& p) { p.facts.unit_cents.reset(); }},
    {"6: it is sold no more", false, [](Page& p) { p.facts.sold = false; }},
    {"6: the offer is not active", false, [](Page& p) { p.inputs.offer_active = false; }},
    // 7
    {"7: less often in the session",
     true,
     [](Page& p) {
         p.bump.limits.per_session = 2;
         p.facts.displays.in_session = 1;
     }},
    {"7: as often in the session",
     false,
     [](Page& p) {
         p.bump.limits.per_session = 2;
         p.facts.displays.in_session = 2;
     }},
    {"7: as often to the customer",
     false,
     [](Page& p) {
         p.bump.limits.per_user = 1;
         p.facts.displays.to_user = 1;
     }},
    {"7: as often within a day",
     false,
     [](Page& p) {
         p.bump.limits.per_day = 1;
         p.facts.displays = {0, 0, 1, {}, at(-3600)};
     }},
    {"7: the gap is over",
     true,
     [](Page& p) {
         p.bump.limits.min_gap_seconds = 90;
         p.facts.displays.last = at(-30);
     }},
    {"7: a second is missing",
     false,
     [](Page& p) {
         p.bump.limits.min_gap_seconds = 91;
         p.facts.displays.last = at(-30);
     }},
};

const Reason* reason(const Decision& decision, std::string_view rule) {
    const auto found = std::ranges::find(decision.reasons, rule, &Reason::rule);
    return found == decision.reasons.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("each rule of order bumps, case by case", "[bumps]") {
    for (const auto& each : cases) {
        Page page;
        each.given(page);
        INFO(each.says);
        CHECK(page.shows() == each.shows);
    }
}

TEST_CASE("1: a cart's value is that of its lines but for bumps, before coupons", "[bumps]") {
    rules::prices::Quote quote;
    quote.lines.resize(3);
    quote.lines[0].product_id = ProductId("phone");
    quote.lines[0].subtotal_cents = 20'000;
    quote.lines[0].total_cents = 16'000;
    quote.lines[1].subtotal_cents = 500;
    quote.lines[2].product_id = ProductId("case");
    quote.lines[2].subtotal_cents = 4990;
    quote.lines[2].bump = "capa";
    quote.stages = {
        {"base", "product-phone", 1, 0, 0, 20'000, false},
        {"offer_discount", "offer-o", 1, 0, 20'000, -2'000, false},
        {"coupon", "coupon-dez", 1, 0, 18'000, -2'000, false},
        {"bump", "rulebook-o", 1, 2, 4990, -1000, false},
        {"shipping", "given", 0, std::nullopt, 0, 1'500, false}
    };
    const auto cart = cart_of(quote);
    CHECK(cart.value_cents == 18'500);
    CHECK(cart.products == products({"phone"}));
    CHECK(cart.bumps == products({"case"}));
}

TEST_CASE("5: what time alone changes is told", "[bumps]") {
    Page page;
    CHECK_FALSE(page.decide().next_change_at);
    rules_of(page).time_based = {90, 120};
    CHECK_FALSE(page.shows());
    CHECK(page.decide().next_change_at == at(90));
    page.moment.now = at(90);
    CHECK(page.shows());
    CHECK(page.decide().next_change_at == at(120));
    page.moment.now = at(120);
    CHECK_FALSE(page.shows());
    CHECK_FALSE(page.decide().next_change_at);

    page.moment.now = at(60);
    rules_of(page).cart_value_min = 20'000;
    CHECK_FALSE(page.decide().next_change_at);  // it would not be shown then either

    Page limited;
    limited.bump.limits.min_gap_seconds = 300;
    limited.facts.displays.last = at(0);
    limited.bump.limits.per_day = 1;
    limited.facts.displays.in_day = 1;
    limited.facts.displays.oldest_in_day = at(0);
    CHECK(limited.decide().next_change_at == at(24 * 3600));
}

TEST_CASE(
    "8: by position, priority, what it brings in and name, and no more than may be", "[bumps]"
) {
    Page page;
    Rulebook rulebook{OfferId("o"), 7, 3, {}};
    const auto add =
        [&](const char* name, const char* position, std::int64_t priority, std::int64_t expected) {
            auto bump = page.bump;
            bump.bump = name;
            bump.product_id = ProductId(name);
            bump.design.position = position;
            bump.priority = priority;
            rulebook.bumps.push_back(bump);
            auto facts = page.facts;
            facts.bump = name;
            facts.expected_cents = expected;
            page.inputs.bumps.push_back(facts);
        };
    add("late", "in_payment_form", 100, 100);
    add("b", "after_products", 1, 10);
    add("a", "after_products", 1, 10);
    add("rich", "after_products", 1, 20);
    add("first", "after_products", 2, 0);
    std::string order, shown;
    for (const auto& each : decide(rulebook, page.inputs, page.moment, Explain::yes)) {
        order += each.rule->bump + ' ';
        if (each.show) shown += each.rule->bump + ' ';
        CHECK((each.show || !reason(each, "max_bumps")->pass));
    }
    CHECK(order == "first rich a b late ");
    CHECK(shown == "first rich a ");
}

TEST_CASE("9: the discount ends with the timer, which begins when it is seen first", "[bumps]") {
    Page page;
    CHECK(page.decide().price_cents == 3992);
    CHECK(page.decide().full_cents == 4990);
    page.bump.pricing.time_limited = true;
    page.bump.pricing.urgency_timer = 300;
    CHECK(page.decide().price_cents == 3992);  // nobody has seen it
    page.facts.first_displayed = at(10);
    CHECK(page.decide().discount_ends_at == at(310));
    CHECK(page.decide().next_change_at == at(310));
    page.moment.now = at(309);
    CHECK(page.decide().price_cents == 3992);
    page.moment.now = at(310);
    CHECK(page.shows());
    CHECK(page.decide().price_cents == 4990);
    CHECK_FALSE(page.decide().next_change_at);
    page.bump.pricing.time_limited = false;
    CHECK(page.decide().price_cents == 3992);
}

TEST_CASE("every condition is told with what was expected and what was so", "[bumps]") {
    Page page;
    rules_of(page).cart_value_min = 20'000;
    rules_of(page).customer_segments = {"new"};
    rules_of(page).required_products = products({"phone"});
    const auto explained = page.decide(Explain::yes);
    REQUIRE(reason(explained, "cart_value_min"));
    CHECK(
        *reason(explained, "cart_value_min") ==
        Reason{"cart_value_min", 7, "at_least", JsonText("20000"), JsonText("10000"), false}
    );
    CHECK(
        *reason(explained, "customer_segments") ==
        Reason{
            "customer_segments", 7, "any_of", JsonText(R"(["new"])"), JsonText(R"(["vip"])"), false
        }
    );
    CHECK(reason(explained, "required_products")->pass);
    const auto quick = page.decide(Explain::no);
    REQUIRE(quick.reasons.size() == 1);
    CHECK(quick.reasons[0].rule == "cart_value_min");
}

TEST_CASE("rules by which nobody could be decided are told", "[bumps]") {
    Page page;
    std::vector<Fault> faults;
    check(page.bump, "/bumps/capa", faults);
    CHECK(faults.empty());
    rules_of(page).cart_value_min = 2;
    rules_of(page).cart_value_max = 1;
    rules_of(page).time_based = {10, 10};
    rules_of(page).required_products = products({"case"});
    page.bump.pricing.time_limited = true;
    check(page.bump, "/bumps/capa", faults);
    std::string pointers;
    for (const auto& fault : faults) pointers += fault.pointer + ' ' + fault.code + '\n';
    CHECK(
        pointers ==
        "/bumps/capa/display_rules/cart_value_max below_min\n"
        "/bumps/capa/display_rules/time_based/hide_after_seconds not_after\n"
        "/bumps/capa/display_rules/required_products own_product\n"
        "/bumps/capa/pricing/urgency_timer required_by_time_limited\n"
    );
}

TEST_CASE("inputs come back from their JSON as they were", "[bumps]") {
    Page page;
    page.facts.displays = {1, 2, 3, at(1), at(2)};
    page.facts.available = 4;
    page.facts.first_displayed = at(5);
    page.inputs.bumps = {page.facts};
    CHECK(inputs_in(inputs_json(page.inputs)) == page.inputs);
}

namespace {

template <class T>
std::optional<T> perhaps(T value) {
    return *rc::gen::inRange(0, 3) == 0 ? std::nullopt : std::optional(value);
}

std::vector<std::string> some(std::initializer_list<const char*> of) {
    std::vector<std::string> all;
    for (const auto* each : of) {
        if (*rc::gen::inRange(0, 3) == 0) all.emplace_back(each);
    }
    return all;
}

std::vector<ProductId> some_products() {
    std::vector<ProductId> all;
    for (const auto& id : some({"p0", "p1", "p2", "p3"})) all.emplace_back(id);
    return all;
}

/// Small numbers, so that bounds are met often.
std::int64_t number() {
    return *rc::gen::inRange<std::int64_t>(0, 6);
}

events::Bump any_bump(const std::string& name) {
    events::Bump bump;
    bump.bump = name;
    bump.product_id = ProductId("p" + std::to_string(number()));
    auto& rules = bump.display_rules;
    rules.cart_value_min = number();
    rules.cart_value_max = perhaps(number());
    rules.required_products = some_products();
    rules.match = *rc::gen::element<std::string>("all", "any", "none");
    rules.customer_segments = some({"vip", "new", "anonymous"});
    rules.device_types = some({"mobile", "desktop"});
    rules.regions = some({"SP", "RJ"});
    rules.page_seconds_min = perhaps(number());
    rules.time_based = {number(), perhaps(number())};
    bump.limits = {perhaps(number()), perhaps(number()), perhaps(number()), perhaps(number())};
    bump.design.position = std::string(positions[*rc::gen::inRange<std::size_t>(0, 4)]);
    bump.pricing = {
        *rc::gen::element<std::string>("percentage", "fixed"),
        JsonText(std::to_string(number())),
        *rc::gen::arbitrary<bool>(),
        perhaps(number())
    };
    bump.priority = number();
    return bump;
}

BumpFacts any_facts(const std::string& name) {
    BumpFacts facts;
    facts.bump = name;
    facts.sold = *rc::gen::inRange(0, 5) != 0;
    facts.unit_cents = perhaps(number() * 100);
    facts.available = perhaps(number());
    const auto when = [] { return opened + std::chrono::seconds(number()); };
    facts.displays = {number(), number(), number(), perhaps(when()), perhaps(when())};
    facts.first_displayed = perhaps(when());
    facts.expected_cents = number();
    return facts;
}

struct World {
    Rulebook rulebook{OfferId("o"), 1, 1 + *rc::gen::inRange<std::int64_t>(0, 4), {}};
    Inputs inputs;
    Moment moment{opened + std::chrono::seconds(number()), opened};

    World() {
        const auto count = *rc::gen::inRange(0, 6);
        for (int i = 0; i < count; ++i) {
            const auto name = "b" + std::to_string(i);
            rulebook.bumps.push_back(any_bump(name));
            inputs.bumps.push_back(any_facts(name));
        }
        inputs.offer_active = *rc::gen::inRange(0, 6) != 0;
        inputs.rounding = *rc::gen::element<std::string>("half_away", "half_even");
        inputs.cart = {number(), some_products(), some_products()};
        inputs.segments = some({"vip", "new", "anonymous"});
        inputs.device = perhaps<std::string>("mobile");
        inputs.region = perhaps<std::string>("SP");
        inputs.page_seconds = perhaps(number());
    }

    std::string told(Explain explain) const { return told(rulebook, moment, explain); }

    std::string told(const Rulebook& by, const Moment& when, Explain explain) const {
        std::string all;
        for (const auto& each : decide(by, inputs, when, explain)) {
            all += each.rule->bump + (each.show ? " shown" : " hidden");
            all += ' ' + std::to_string(each.price_cents.value_or(-1));
            all += each.next_change_at ? ' ' + format_time(*each.next_change_at) : " never";
            all += '\n';
        }
        return all;
    }

    std::size_t shown(const Rulebook& by) const {
        const auto all = decide(by, inputs, moment, Explain::no);
        return static_cast<std::size_t>(std::ranges::count(all, true, &Decision::show));
    }
};

/// Another condition of the bump, whatever it had.
void restrict(events::Bump& bump) {
    auto& rules = bump.display_rules;
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            rules.cart_value_min += number();
            break;
        case 1:
            rules.cart_value_max = std::min(rules.cart_value_max.value_or(100), number());
            break;
        case 2:
            if (rules.match == "any" && !rules.required_products.empty()) break;
            rules.required_products.emplace_back("p" + std::to_string(number()));
            break;
        case 3:
            if (rules.customer_segments.empty()) rules.customer_segments = {"vip"};
            break;
        case 4:
            rules.time_based.show_after_seconds += number();
            break;
        default:
            bump.limits.per_session = std::min(bump.limits.per_session.value_or(100), number());
    }
}

}  // namespace

TEST_CASE("explaining decides what the hot path decides", "[bumps][property]") {
    CHECK(rc::check("explain or not", [] {
        const World world;
        RC_ASSERT(world.told(Explain::yes) == world.told(Explain::no));
    }));
}

TEST_CASE("a condition more never shows more", "[bumps][property]") {
    CHECK(rc::check("restricted", [] {
        const World world;
        if (world.rulebook.bumps.empty()) return;
        auto stricter = world.rulebook;
        auto& bump = stricter.bumps[*rc::gen::inRange<std::size_t>(0, stricter.bumps.size())];
        restrict(bump);
        RC_ASSERT(world.shown(stricter) <= world.shown(world.rulebook));
        Rulebook before{OfferId("o"), 1, 5, {}}, after = before;
        for (const auto& each : world.rulebook.bumps) {
            if (each.bump == bump.bump) before.bumps = {each};
        }
        after.bumps = {bump};
        RC_ASSERT(world.shown(after) <= world.shown(before));
    }));
}

TEST_CASE("the order in which rules and facts are stored never matters", "[bumps][property]") {
    CHECK(rc::check("shuffled", [] {
        World world;
        const auto before = world.told(Explain::no);
        std::ranges::reverse(world.inputs.bumps);
        std::ranges::rotate(
            world.rulebook.bumps,
            world.rulebook.bumps.begin() +
                static_cast<std::ptrdiff_t>(world.rulebook.bumps.size() / 2)
        );
        std::ranges::reverse(world.inputs.cart.products);
        std::ranges::reverse(world.inputs.segments);
        RC_ASSERT(world.told(Explain::no) == before);
    }));
}

TEST_CASE("until next_change_at nothing changes, and then something does", "[bumps][property]") {
    CHECK(rc::check("as time goes by", [] {
        World world;
        world.rulebook.max_bumps = 10;
        // What is counted of the last day changes with the day, which is another input.
        for (auto& facts : world.inputs.bumps) facts.displays.oldest_in_day.reset();
        const auto now = decide(world.rulebook, world.inputs, world.moment, Explain::no);
        for (const auto& before : now) {
            for (int seconds = 1; seconds < 30; ++seconds) {
                const Moment later{
                    world.moment.now + std::chrono::seconds(seconds), world.moment.opened_at
                };
                const auto all = decide(world.rulebook, world.inputs, later, Explain::no);
                const auto after = std::ranges::find(all, before.rule, &Decision::rule);
                const bool same = after->show == before.show &&
                                  (!before.show || after->price_cents == before.price_cents);
                const bool is_change = before.next_change_at && *before.next_change_at <= later.now;
                if (!is_change) RC_ASSERT(same);
                if (is_change && *before.next_change_at == later.now)
                    RC_ASSERT(!same || before.price_cents == before.full_cents);
                if (is_change) break;
            }
        }
    }));
}
