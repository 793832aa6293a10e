#include "commands/tenants/tenant.hpp"

#include "tests/commands/spec.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using events::TenantChanged;
using events::TenantRegistered;
using events::TenantRetired;

namespace {

TenantRegistered registered() {
    TenantRegistered event;
    event.tenant = TenantId("acme");
    event.environment = "live";
    event.domain = "loja.example";
    event.branding = JsonText(R"({"colour":"green"})");
    event.locale = "pt_BR";
    event.clubify_tenant_id = "65f0c0ffee00000000000001";
    return event;
}

TenantChanged changed() {
    TenantChanged event;
    event.tenant = TenantId("acme");
    return event;
}

TenantState folded(const TenantEvents& history) {
    return spec::folded<TenantState>(history);
}

template <class Command>
TenantEvents events_of(const Command& command, const TenantEvents& history) {
    const auto decision = decide(command, folded(history));
    REQUIRE(decision);
    return *decision;
}

template <class Command>
std::string_view refusal_of(const Command& command, const TenantEvents& history) {
    const auto decision = decide(command, folded(history));
    REQUIRE_FALSE(decision);
    return decision.error().problem;
}

const TenantRetired retired{TenantId("acme"), {}};

}  // namespace

TEST_CASE("a change is told by what differs, and by nothing when nothing does", "[tenant]") {
    ChangeTenant command;
    command.domain = "loja.example";
    command.locale = "en_US";
    command.branding = JsonText(R"({"colour":"green"})");
    auto only_locale = changed();
    only_locale.locale = "en_US";
    CHECK((events_of(command, {registered()}) == TenantEvents{only_locale}));
    CHECK(events_of(command, {registered(), only_locale}).empty());
    CHECK(events_of(ChangeTenant{}, {registered()}).empty());
}

TEST_CASE("a branding is taken away by {}", "[tenant]") {
    ChangeTenant command;
    command.branding = JsonText("{}");
    auto none = changed();
    none.branding = JsonText("{}");
    CHECK((events_of(command, {registered()}) == TenantEvents{none}));
    CHECK(events_of(command, {registered(), none}).empty());
    CHECK(folded({registered(), none}).facts.branding.empty());
}

TEST_CASE("replaced credentials are counted and not told", "[tenant]") {
    ChangeTenant command;
    command.replaces_credentials = true;
    auto first = changed();
    first.credentials_replaced = 1;
    auto second = changed();
    second.credentials_replaced = 2;
    CHECK((events_of(command, {registered()}) == TenantEvents{first}));
    CHECK((events_of(command, {registered(), first}) == TenantEvents{second}));
}

TEST_CASE("a retired tenant stays retired", "[tenant]") {
    CHECK((events_of(RetireTenant{}, {registered()}) == TenantEvents{retired}));
    CHECK(events_of(RetireTenant{}, {registered(), retired}).empty());
    ChangeTenant command;
    command.name = "Loja";
    CHECK(refusal_of(command, {registered(), retired}) == "illegal-transition");
    CHECK(
        refusal_of(RegisterTenant{registered()}, {registered(), retired}) == "illegal-transition"
    );
}

TEST_CASE("what is not there cannot be changed or retired", "[tenant]") {
    CHECK(refusal_of(ChangeTenant{}, {}) == "not-found");
    CHECK(refusal_of(RetireTenant{}, {}) == "not-found");
}

TEST_CASE("the log is told what it lacks of a tenant, and told nothing twice", "[tenant]") {
    TenantState present;
    present.facts = registered();
    present.facts.domain = "acme.example";
    present.credentials_replaced = 3;
    present.retired = GENERATE(false, true);
    auto change = changed();
    change.domain = "acme.example";
    change.credentials_replaced = 3;
    const auto history =
        GENERATE(TenantEvents{}, TenantEvents{registered()}, TenantEvents{registered(), changed()});
    const auto missing = missing_events(present, folded(history));
    auto all = history;
    all.insert(all.end(), missing.begin(), missing.end());
    const auto now = folded(all);
    CHECK((now.facts == present.facts));
    CHECK(now.credentials_replaced == 3);
    CHECK(now.retired == present.retired);
    CHECK(missing_events(present, now).empty());
    if (!history.empty()) CHECK((missing.front() == events::TenantEvent(change)));
}

TEST_CASE("what forgotten credentials no longer tell is not told as a change", "[tenant]") {
    TenantState present;
    present.facts = registered();
    present.facts.clubify_tenant_id.clear();
    present.retired = true;
    CHECK((missing_events(present, folded({registered()})) == TenantEvents{retired}));
}
