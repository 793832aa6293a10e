#include "commands/tenants/tenants.hpp"

#include <filesystem>
#include <functional>
#include <memory>

#include "commands/tenants/tenant_rules.hpp"
#include "events/codec.hpp"
#include "store/memory/memory_event_store.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

namespace fs = std::filesystem;

const TenantId acme("acme");
const std::string maria = "cli:maria";

TenantAddition addition() {
    TenantAddition added;
    added.tenant.id = acme;
    added.tenant.environment = "test";
    added.tenant.domain = "loja.example";
    added.tenant.changed_by = maria;
    added.tenant.created_at = system_clock()();
    added.credentials.clubify_api_key = "clb_test_0123456789abcdef0123456789abcdef";
    added.credentials.clubify_tenant_id = "65f0c0ffee00000000000001";
    return added;
}

/// A key file and a log, each of which may be taken back to what it was.
class House {
public:
    House() {
        auto name = (fs::temp_directory_path() / "vitrine-tenants-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder = name;
        open();
    }
    ~House() { fs::remove_all(folder); }
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    void open() {
        keys = store::Keys::open(file(), *store::MasterKey::from_hex(std::string(64, 'a')));
        tenants =
            std::make_unique<Tenants>(*keys, log, system_clock(), uuid_v7_source(system_clock()));
    }

    fs::path file() const { return folder / "keys.db"; }

    void put_back_key_file(const std::function<void()>& meanwhile) {
        fs::copy_file(file(), folder / "older");
        meanwhile();
        fs::copy_file(folder / "older", file(), fs::copy_options::overwrite_existing);
        open();
    }

    std::vector<std::string> types(const std::string& stream = "tenant-acme") {
        std::vector<std::string> names;
        for (const auto& event : log.read_all(1, {}, 1000, store::Direction::forwards)) {
            CHECK(event.tenant == events::operator_tenant());
            if (event.stream.str() == stream) names.push_back(event.type);
        }
        return names;
    }

    /// Who did what the events of keys tell, in order.
    std::vector<std::string> actors() {
        std::vector<std::string> names;
        for (const auto& event : log.read_all(1, {}, 1000, store::Direction::forwards)) {
            if (events::category_of(event.stream) == "keys")
                names.push_back(events::decode_metadata(event.metadata).actor);
        }
        return names;
    }

    fs::path folder;
    store::MemoryEventStore log{system_clock()};
    std::unique_ptr<store::Keys> keys;
    std::unique_ptr<Tenants> tenants;
};

using Types = std::vector<std::string>;

}  // namespace

TEST_CASE("what is done to a tenant counts at once and is told to the log", "[tenants]") {
    House house;
    const auto key = house.tenants->add(addition());
    REQUIRE(key);
    CHECK(house.keys->authenticate(*key));
    TenantRevision revision;
    revision.change.domain = "acme.example";
    revision.webhook_secret = "whsec_0123456789abcdef";
    const auto changed = house.tenants->change(acme, revision);
    REQUIRE(changed);
    CHECK(changed->position == 2);
    CHECK(house.keys->find_tenant(acme)->domain == "acme.example");
    CHECK(credentials_of(*house.keys, acme)->webhook_secret == "whsec_0123456789abcdef");
    const auto again = house.tenants->change(acme, revision);
    REQUIRE(again);
    CHECK(again->events.empty());
    const auto retired = house.tenants->retire(acme, {"moved"});
    REQUIRE(retired);
    CHECK_FALSE(house.keys->authenticate(*key));
    CHECK_FALSE(credentials_of(*house.keys, acme));
    CHECK(house.tenants->retire(acme, {})->events.empty());
    CHECK_FALSE(house.tenants->change(acme, revision));
    CHECK_FALSE(house.tenants->add(addition()));
    CHECK(house.types() == Types{"TenantRegistered", "TenantChanged", "TenantRetired"});
    CHECK(*house.tenants->bring_together() == 0);
}

TEST_CASE("no secret is in the events", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    TenantRevision revision;
    revision.clubify_api_key = "clb_test_ffffffffffffffffffffffffffffffff";
    revision.webhook_secret = "whsec_0123456789abcdef";
    REQUIRE(house.tenants->change(acme, revision));
    for (const auto& event : house.log.read_all(1, {}, 10, store::Direction::forwards)) {
        CHECK_THAT(
            event.data + event.metadata, !Catch::Contains("clb_") && !Catch::Contains("whsec")
        );
    }
    CHECK(house.tenants->state(acme).credentials_replaced == 1);
}

TEST_CASE("a webhook secret is set, replaced and removed, and the log tells so", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    CHECK(house.tenants->state(acme).facts.webhooks == false);
    const auto told = [&](const char* secret) {
        TenantRevision revision;
        revision.webhook_secret = secret;
        const auto changed = house.tenants->change(acme, revision);
        REQUIRE(changed);
        CHECK(credentials_of(*house.keys, acme)->webhook_secret == secret);
        CHECK(*house.tenants->bring_together() == 0);
        if (changed->events.empty()) return std::string();
        return events::encode(changed->events.front()).data;
    };
    CHECK(
        told("whsec_0123456789abcdef") ==
        R"({"tenant":"acme","credentials_replaced":1,"webhooks":true})"
    );
    CHECK(told("whsec_another_secret") == R"({"tenant":"acme","credentials_replaced":2})");
    CHECK(told("") == R"({"tenant":"acme","credentials_replaced":3,"webhooks":false})");
    CHECK(told("").empty());
    CHECK(house.tenants->state(acme).facts.webhooks == false);
    CHECK(
        credentials_of(*house.keys, acme)->clubify_api_key == addition().credentials.clubify_api_key
    );
}

TEST_CASE(
    "payments are begun at Pagar.me once there is a key, and the key outlives that", "[tenants]"
) {
    House house;
    REQUIRE(house.tenants->add(addition()));
    const auto told = [&](std::optional<std::string> payments,
                          std::optional<std::string> key,
                          std::optional<std::string> hook) {
        TenantRevision revision;
        revision.change.payments = std::move(payments);
        revision.payments_key = std::move(key);
        revision.payments_hook = std::move(hook);
        const auto changed = house.tenants->change(acme, revision);
        if (!changed) return changed.error();
        CHECK(*house.tenants->bring_together() == 0);
        return changed->events.empty() ? std::string()
                                       : events::encode(changed->events.front()).data;
    };
    const std::string no_key = "there is no key of Pagar.me yet: give --payments-key too";
    CHECK(told("pagarme", {}, {}) == no_key);
    CHECK(told({}, {}, "hooks:word") == no_key);
    CHECK(told("clubify", {}, {}).empty());
    CHECK_FALSE(pagarme_credentials_of(*house.keys, acme));
    CHECK(provider_of(pagarme_credentials_of(*house.keys, acme)) == "clubify");
    CHECK(
        told("pagarme", "sk_test_1", {}) ==
        R"({"tenant":"acme","credentials_replaced":1,"payments":"pagarme"})"
    );
    CHECK(provider_of(pagarme_credentials_of(*house.keys, acme)) == "pagarme");
    CHECK(told("pagarme", "sk_test_1", {}).empty());
    CHECK(told({}, {}, "hooks:a:b") == R"({"tenant":"acme","credentials_replaced":2})");
    CHECK(told("clubify", {}, {}) == R"({"tenant":"acme","payments":"clubify"})");
    const auto kept = pagarme_credentials_of(*house.keys, acme).value();
    CHECK(kept == pagarme::Credentials{false, "sk_test_1", "hooks", "a:b"});
    CHECK(
        credentials_of(*house.keys, acme)->clubify_api_key == addition().credentials.clubify_api_key
    );
    CHECK(house.tenants->state(acme).facts.payments == "clubify");
}

TEST_CASE("a removal that the log was not told of is told at the next start", "[tenants]") {
    House house;
    auto more = addition();
    more.credentials.webhook_secret = "whsec_0123456789abcdef";
    REQUIRE(house.tenants->add(more));
    CHECK(house.tenants->state(acme).facts.webhooks == true);
    auto tenant = *house.keys->find_tenant(acme);
    tenant.credentials_replaced = 1;
    REQUIRE(house.keys->change_tenant(tenant, secrets_of(addition().credentials)));
    CHECK(*house.tenants->bring_together() == 1);
    CHECK(house.tenants->state(acme).facts.webhooks == false);
    CHECK(*house.tenants->bring_together() == 0);
}

TEST_CASE(
    "a log from before webhooks were told is told nothing of them at the start", "[tenants]"
) {
    House house;
    auto more = addition();
    more.credentials.webhook_secret = "whsec_0123456789abcdef";
    REQUIRE(house.keys->add_tenant(more.tenant, secrets_of(more.credentials)));
    store::StreamAppend stream;
    stream.stream = events::tenant_stream(acme);
    stream.expected = store::ExpectedVersion::no_stream();
    auto& event = stream.events.emplace_back();
    event.id = EventId("01a20a9a-0998-7333-a116-79f9f68fe109");
    event.type = "TenantRegistered";
    event.schema = 1;
    event.data =
        R"({"tenant":"acme","name":"","environment":"test","domain":"loja.example","locale":"pt_BR",)"
        R"("clubify_tenant_id":"65f0c0ffee00000000000001","clubify_organization_id":""})";
    event.metadata = "{}";
    store::Append append;
    append.tenant = events::operator_tenant();
    append.streams = {stream};
    house.log.append(append, [](const store::AppendResult& result) { REQUIRE(result); });
    CHECK(*house.tenants->bring_together() == 1);
    CHECK(house.types() == Types{"TenantRegistered"});
    CHECK(house.types("keys-acme") == Types{"KeyAdded"});  // nor had keys been told
    CHECK_FALSE(house.tenants->state(acme).facts.webhooks);
    TenantRevision revision;
    revision.webhook_secret = "";
    REQUIRE(house.tenants->change(acme, revision));
    CHECK(house.tenants->state(acme).facts.webhooks == false);
}

TEST_CASE("a registration that the log was not told of is told at the next start", "[tenants]") {
    House house;
    const auto more = addition();
    REQUIRE(house.keys->add_tenant(more.tenant, secrets_of(more.credentials))
    );  // as far as a kill let it come
    house.open();
    CHECK(*house.tenants->bring_together() == 2);
    CHECK(*house.tenants->bring_together() == 0);
    CHECK(house.tenants->state(acme).facts.domain == "loja.example");
    CHECK(house.types("keys-acme") == Types{"KeyAdded"});
    CHECK(house.actors() == std::vector{maria});
}

TEST_CASE("what is done to a key counts at once and is told with who did it", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    CHECK(house.types("keys-acme").empty());  // its first key stands in the registration
    const auto key = house.tenants->add_key(acme, {store::Role::reader, "till", {}, maria});
    REQUIRE(key);
    CHECK(house.keys->authenticate(*key));
    CHECK(house.tenants->revoke_key(acme, key->substr(0, 12), "cli:joao"));
    CHECK_FALSE(house.keys->authenticate(*key));
    CHECK(house.tenants->revoke_key(acme, key->substr(0, 12), maria));  // of no effect
    CHECK(house.types("keys-acme") == Types{"KeyAdded", "KeyRevoked"});
    CHECK(house.actors() == std::vector<std::string>{maria, "cli:joao"});
    CHECK(*house.tenants->bring_together() == 0);
    for (const auto& event : house.log.read_all(1, {}, 10, store::Direction::forwards))
        CHECK_THAT(event.data, !Catch::Contains(key->substr(13)));
    CHECK_FALSE(house.tenants->add_key(TenantId("none"), {store::Role::reader}));
    CHECK_FALSE(house.tenants->revoke_key(acme, "vtr_00000000", maria));
}

TEST_CASE("a key that the log was not told of is told with its time and who made it", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    const auto then = system_clock()() - std::chrono::hours(2);
    const auto key = house.keys->add_key(acme, {.role = store::Role::reader, .by = maria}, then);
    const auto prefix = key->substr(0, 12);
    REQUIRE(house.keys->revoke_key(acme, prefix, then + std::chrono::hours(1), "cli:joao"));
    CHECK(*house.tenants->bring_together() == 2);
    CHECK(*house.tenants->bring_together() == 0);
    CHECK(house.types("keys-acme") == Types{"KeyAdded", "KeyRevoked"});
    CHECK(house.actors() == std::vector<std::string>{maria, "cli:joao"});
    const auto events = house.log.read_all(2, {}, 10, store::Direction::forwards);
    CHECK(events[0].occurred_at == then);
    CHECK(events[1].occurred_at == then + std::chrono::hours(1));
}

TEST_CASE("an older key file does not bring a revoked key back", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    const auto key = house.tenants->add_key(acme, {.role = store::Role::reader, .by = maria});
    house.put_back_key_file([&] {
        REQUIRE(house.tenants->revoke_key(acme, key->substr(0, 12), maria));
    });
    REQUIRE(house.keys->authenticate(*key));
    CHECK(*house.tenants->bring_together() == 0);
    CHECK_FALSE(house.keys->authenticate(*key));
}

TEST_CASE("the last key of a role that works is noticed when it is revoked", "[tenants]") {
    House house;
    const auto first = house.tenants->add(addition())->substr(0, 12);
    const auto second = house.tenants->add_key(acme, {.role = store::Role::admin})->substr(0, 12);
    CHECK_FALSE(house.tenants->revoke_key(acme, first, maria)->was_last_of_role);
    CHECK(house.tenants->revoke_key(acme, second, maria)->was_last_of_role);
    CHECK_FALSE(house.tenants->revoke_key(acme, second, maria)->was_last_of_role);
}

TEST_CASE("a registration whose key nobody saw is taken back unless it is in use", "[tenants]") {
    House house;
    const auto first = house.tenants->add(addition())->substr(0, 12);
    CHECK(house.tenants->withdraw(acme, first, maria) == true);
    CHECK_FALSE(house.keys->find_tenant(acme));
    CHECK_FALSE(house.tenants->change(acme, {}));
    CHECK(*house.tenants->bring_together() == 0);
    const auto again = house.tenants->add(addition());
    REQUIRE(again);
    REQUIRE(house.keys->authenticate(*again));
    CHECK(house.tenants->withdraw(acme, again->substr(0, 12), maria) == false);
    CHECK(house.keys->find_tenant(acme));
    CHECK_FALSE(house.keys->authenticate(*again));
    CHECK(house.types() == Types{"TenantRegistered", "TenantWithdrawn", "TenantRegistered"});
    CHECK_FALSE(house.tenants->withdraw(TenantId("none"), first, maria));
}

TEST_CASE("who was registered by a command that was cut off is registered anew", "[tenants]") {
    House house;
    const auto more = addition();
    const bool log_knows = GENERATE(true, false);
    CAPTURE(log_knows);
    const auto unseen = log_knows
                            ? house.tenants->add(more)
                            : house.keys->add_tenant(more.tenant, secrets_of(more.credentials));
    REQUIRE(unseen);
    auto wrong = more;
    wrong.tenant.domain = "no host";
    CHECK_FALSE(house.tenants->add(wrong));  // takes nothing away
    CHECK(house.keys->find_tenant(acme)->domain == more.tenant.domain);
    house.open();
    auto other = more;
    other.tenant.domain = "acme.example";
    const auto seen = house.tenants->add(other);
    REQUIRE(seen);
    CHECK_FALSE(house.keys->authenticate(*unseen));
    CHECK(house.keys->find_tenant(acme)->domain == "acme.example");
    CHECK(house.keys->api_keys(acme).size() == 1);
    CHECK(*house.tenants->bring_together() == 0);
    const auto registered = house.types();
    CHECK(
        registered == (log_knows ? Types{"TenantRegistered", "TenantWithdrawn", "TenantRegistered"}
                                 : Types{"TenantRegistered"})
    );
    CHECK(house.types("keys-acme").empty());
    REQUIRE(house.keys->note_shown(acme, seen->substr(0, 12)));
    house.open();
    CHECK_FALSE(house.tenants->add(other));
    CHECK(house.keys->authenticate(*seen));
}

TEST_CASE("a tenant that was used is not registered anew, whoever saw its key", "[tenants]") {
    House house;
    const auto key = house.tenants->add(addition());
    REQUIRE(house.keys->authenticate(*key));
    CHECK_FALSE(house.tenants->add(addition()));
    CHECK(house.keys->authenticate(*key));
}

TEST_CASE("a key that nobody saw gives way to the next of its role, after a minute", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    const auto then = system_clock()() - std::chrono::minutes(2);
    const auto abandoned = house.keys->add_key(acme, {.role = store::Role::reader}, then);
    const auto used = house.keys->add_key(acme, {.role = store::Role::operator_}, then);
    REQUIRE(house.keys->authenticate(*used));
    CHECK(*house.tenants->bring_together() == 2);
    const auto next = house.tenants->add_key(acme, {.role = store::Role::reader, .by = maria});
    const auto another = house.tenants->add_key(acme, {.role = store::Role::reader, .by = maria});
    REQUIRE(next);
    REQUIRE(another);
    CHECK_FALSE(house.keys->authenticate(*abandoned));
    CHECK(house.keys->authenticate(*next));  // not a minute old
    REQUIRE(house.tenants->add_key(acme, {.role = store::Role::operator_, .by = maria}));
    CHECK(house.keys->authenticate(*used));
    CHECK(
        house.types("keys-acme") ==
        Types{"KeyAdded", "KeyAdded", "KeyRevoked", "KeyAdded", "KeyAdded", "KeyAdded"}
    );
    CHECK(*house.tenants->bring_together() == 0);
}

TEST_CASE("a locale is kept in one spelling, whichever was given", "[tenants]") {
    House house;
    auto more = addition();
    more.tenant.locale = "en-US";
    REQUIRE(house.tenants->add(more));
    CHECK(house.keys->find_tenant(acme)->locale == "en_US");
    CHECK(house.tenants->state(acme).facts.locale == "en_US");
    TenantRevision revision;
    revision.change.locale = "en-US";
    CHECK(house.tenants->change(acme, revision)->events.empty());
    revision.change.locale = "pt-BR";
    REQUIRE(house.tenants->change(acme, revision));
    CHECK(house.keys->find_tenant(acme)->locale == "pt_BR");
    CHECK(house.tenants->state(acme).facts.locale == "pt_BR");
}

TEST_CASE("what no tenant could be changed to is told without looking at one", "[tenants]") {
    TenantRevision revision;
    CHECK(revision_faults(revision).empty());
    revision.change.environment = "test";
    CHECK(revision_faults(revision).empty());
    revision.clubify_api_key = "clb_test_0123456789abcdef0123456789abcdef";
    CHECK(revision_faults(revision).empty());
    revision.change.environment.reset();
    CHECK(revision_faults(revision).empty());  // whose environment it is, nobody knows here
    revision.change.environment = "live";
    revision.change.locale = "xx";
    revision.change.branding = JsonText(R"({"logo":"x","icon":"y"})");
    revision.webhook_secret = "short";
    const auto faults = revision_faults(revision);
    std::vector<std::string_view> members;
    for (const auto& fault : faults) members.push_back(fault.members.front());
    CHECK(
        members ==
        std::vector<std::string_view>{
            "clubify_api_key", "locale", "branding", "branding", "webhook_secret"
        }
    );
}

TEST_CASE("a changed master key is told, once", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    house.keys->change_master_key(store::MasterKey::fresh(), maria);
    REQUIRE(house.tenants->tell_of_master_key());
    REQUIRE(house.tenants->tell_of_master_key());
    house.keys->change_master_key(store::MasterKey::fresh(), "cli:joao");  // then killed
    CHECK(*house.tenants->bring_together() == 1);
    CHECK(house.types("keys-_master") == Types{"MasterKeyChanged", "MasterKeyChanged"});
    CHECK(house.actors() == std::vector<std::string>{maria, "cli:joao"});
}

TEST_CASE("a change or an end that was not told is told before the next operation", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    auto tenant = *house.keys->find_tenant(acme);
    tenant.domain = "acme.example";
    tenant.credentials_replaced = 1;
    REQUIRE(house.keys->change_tenant(tenant, {}));
    TenantRevision revision;
    revision.change.locale = "en_US";
    const auto changed = house.tenants->change(acme, revision);
    REQUIRE(changed);
    CHECK(changed->events.size() == 1);
    CHECK(house.tenants->state(acme).facts.domain == "acme.example");
    CHECK(house.tenants->state(acme).credentials_replaced == 1);
    const auto ended = system_clock()() - std::chrono::hours(1);
    REQUIRE(house.keys->retire_tenant(acme, ended, "moved", {}));
    CHECK(*house.tenants->bring_together() == 1);
    CHECK(house.tenants->state(acme).reason == "moved");
    const auto last = house.log.read_all(1, {}, 10, store::Direction::forwards).back();
    CHECK(last.occurred_at == ended);
    CHECK(
        house.types() ==
        Types{"TenantRegistered", "TenantChanged", "TenantChanged", "TenantRetired"}
    );
}

TEST_CASE("an older key file does not bring a retired tenant back", "[tenants]") {
    House house;
    const auto key = house.tenants->add(addition());
    house.put_back_key_file([&] { REQUIRE(house.tenants->retire(acme, {"moved"})); });
    REQUIRE(house.keys->authenticate(*key));
    CHECK(*house.tenants->bring_together() == 0);
    CHECK_FALSE(house.keys->authenticate(*key));
    CHECK_FALSE(credentials_of(*house.keys, acme));
    CHECK(house.keys->find_tenant(acme)->retired_for == "moved");
}

TEST_CASE("a tenant whose log came without its keys can be registered again", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    house.keys.reset();
    fs::remove(house.file());
    house.open();
    CHECK(*house.tenants->bring_together() == 0);
    CHECK(house.tenants->add(addition()));
    CHECK(house.types() == Types{"TenantRegistered", "TenantRegistered"});
}

TEST_CASE("credentials stay until the commands of a retired tenant have ended", "[tenants]") {
    House house;
    REQUIRE(house.tenants->add(addition()));
    store::Accept accept;
    accept.head.id = CommandId("c1");
    accept.head.name = "CreateOffer";
    accept.head.stream = StreamName("offer-1");
    store::Append append;
    append.tenant = acme;
    append.journal = accept;
    house.log.append(append, [](const store::AppendResult& result) { REQUIRE(result); });
    REQUIRE(house.tenants->retire(acme, {}));
    CHECK(credentials_of(*house.keys, acme));
    CHECK(*house.tenants->bring_together() == 0);
    CHECK(credentials_of(*house.keys, acme));
    store::Conclude conclude;
    conclude.head.id = CommandId("c1");
    append.journal = conclude;
    house.log.append(append, [](const store::AppendResult& result) { REQUIRE(result); });
    CHECK(*house.tenants->bring_together() == 0);
    CHECK_FALSE(credentials_of(*house.keys, acme));
}

TEST_CASE("no tenant can take the name whose log tells of tenants", "[tenants]") {
    House house;
    auto named = addition();
    named.tenant.id = events::operator_tenant();
    CHECK_FALSE(house.tenants->add(named));
    CHECK(house.log.head() == 0);
}
