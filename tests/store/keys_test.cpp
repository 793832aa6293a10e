#include "store/keys.hpp"

#include <SQLiteCpp/Database.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "store/durable_file.hpp"
#include "store/master_key_file.hpp"
#include "store/sealed_box.hpp"
#include "store/tenant_rules.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

const std::string master_hex(64, 'a');

MasterKey master() {
    return *MasterKey::from_hex(master_hex);
}

Tenant tenant_of(std::string id) {
    Tenant tenant;
    tenant.id = TenantId(std::move(id));
    tenant.environment = "test";
    tenant.domain = "loja.example";
    tenant.created_at = Timestamp(std::chrono::seconds(1'700'000'000));
    return tenant;
}

Credentials credentials() {
    return {
        .clubify_api_key = "clb_test_0123456789abcdef0123456789abcdef",
        .clubify_tenant_id = "5f1e2d3c4b5a69788796a5b4",
        .clubify_organization_id = "6f1e2d3c4b5a69788796a5b4",
        .webhook_secret = "whsec-very-secret",
    };
}

std::string content(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

mode_t mode_of(const std::filesystem::path& file) {
    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 0777;
}

struct Fixture {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "keys.db";
    std::unique_ptr<Keys> keys = Keys::open(file, master());
    Timestamp now = Timestamp(std::chrono::seconds(1'700'000'100));
    void reopen() {
        keys.reset();
        keys = Keys::open(file, master());
    }
};

}  // namespace

TEST_CASE("a tenant's first key works at once and after a restart, as admin", "[keys]") {
    Fixture fixture;
    const auto text = fixture.keys->add_tenant(tenant_of("acme"), credentials());
    REQUIRE(text);
    CHECK(text->size() == 56);
    CHECK(text->starts_with("vtr_"));
    for (int i = 0; i < 2; ++i) {
        const auto principal = fixture.keys->authenticate(*text);
        REQUIRE(principal);
        CHECK(principal->tenant == acme);
        CHECK(principal->role == Role::admin);
        CHECK(principal->name == "key:" + text->substr(0, 12));
        fixture.reopen();
    }
}

TEST_CASE("a key that differs anywhere is no key", "[keys]") {
    Fixture fixture;
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), credentials());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto altered = text;
        altered[i] = altered[i] == 'x' ? 'y' : 'x';
        CHECK_FALSE(fixture.keys->authenticate(altered));
    }
    CHECK_FALSE(fixture.keys->authenticate(""));
    CHECK_FALSE(fixture.keys->authenticate(text + "x"));
    CHECK_FALSE(fixture.keys->authenticate(text.substr(0, 12)));
}

TEST_CASE("tenants and credentials come back as given", "[keys]") {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), credentials()));
    auto others = credentials();
    others.webhook_secret.clear();
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), others));
    fixture.reopen();
    const auto tenants = fixture.keys->tenants();
    REQUIRE(tenants.size() == 2);
    CHECK(tenants[0].id == acme);
    CHECK(tenants[0].environment == "test");
    CHECK(tenants[0].domain == "loja.example");
    CHECK(tenants[0].locale == "pt_BR");
    CHECK(tenants[0].created_at == tenant_of("acme").created_at);
    CHECK(fixture.keys->find_tenant(other_tenant));
    CHECK_FALSE(fixture.keys->find_tenant(TenantId("none")));
    CHECK(fixture.keys->credentials(acme) == others);
    CHECK(fixture.keys->credentials(other_tenant) == credentials());
    CHECK_FALSE(fixture.keys->credentials(TenantId("none")));
}

TEST_CASE("a changed tenant and its credentials come back as they are now", "[keys]") {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), credentials()));
    const auto before = fixture.keys->revision();
    auto tenant = tenant_of("acme");
    tenant.name = "Loja Acme";
    tenant.branding = JsonText(R"({"colour":"green"})");
    tenant.locale = "en_US";
    tenant.credentials_replaced = 1;
    tenant.created_at = fixture.now;  // stays as it was
    auto secrets = credentials();
    secrets.webhook_secret = "another";
    REQUIRE(fixture.keys->change_tenant(tenant, secrets));
    CHECK(fixture.keys->revision() > before);
    for (int i = 0; i < 2; ++i) {
        const auto found = *fixture.keys->find_tenant(acme);
        CHECK(found.name == "Loja Acme");
        CHECK(found.branding == tenant.branding);
        CHECK(found.locale == "en_US");
        CHECK(found.domain == "loja.example");
        CHECK(found.credentials_replaced == 1);
        CHECK(found.created_at == tenant_of("acme").created_at);
        CHECK(fixture.keys->credentials(acme) == secrets);
        fixture.reopen();
    }
    secrets.clubify_api_key = "nonsense";
    CHECK_FALSE(fixture.keys->change_tenant(tenant, secrets));
    CHECK_FALSE(fixture.keys->change_tenant(tenant_of("none"), credentials()));
}

TEST_CASE("a retired tenant has no key that works, gets none and changes no more", "[keys]") {
    Fixture fixture;
    const auto text = fixture.keys->add_tenant(tenant_of("acme"), credentials());
    const auto others = fixture.keys->add_tenant(tenant_of("globex"), credentials());
    fixture.keys->forget_credentials(acme);  // of no effect before it is retired
    CHECK(fixture.keys->credentials(acme));
    REQUIRE(fixture.keys->retire_tenant(acme, fixture.now, "moved", {}));
    REQUIRE(fixture.keys->retire_tenant(acme, fixture.now + std::chrono::hours(1), "again", {}));
    CHECK_FALSE(fixture.keys->retire_tenant(TenantId("none"), fixture.now, {}, {}));
    CHECK(fixture.keys->credentials(acme) == credentials());
    fixture.keys->forget_credentials(acme);
    for (int i = 0; i < 2; ++i) {
        CHECK(fixture.keys->find_tenant(acme)->retired_at == fixture.now);
        CHECK(fixture.keys->find_tenant(acme)->retired_for == "moved");
        CHECK_FALSE(fixture.keys->credentials(acme));
        CHECK_FALSE(fixture.keys->authenticate(*text));
        CHECK_FALSE(fixture.keys->add_key(acme, {Role::reader}, fixture.now));
        CHECK_FALSE(fixture.keys->change_tenant(tenant_of("acme"), credentials()));
        CHECK_FALSE(fixture.keys->add_tenant(tenant_of("acme"), credentials()));
        CHECK(fixture.keys->authenticate(*others));
        fixture.reopen();
    }
}

TEST_CASE("a key file of the first version is led to the present one", "[keys]") {
    Fixture fixture;
    const auto text = fixture.keys->add_tenant(tenant_of("acme"), credentials());
    fixture.keys.reset();
    {
        SQLite::Database file(fixture.file.string(), SQLite::OPEN_READWRITE);
        for (const auto* column :
             {"name", "branding", "credentials_replaced", "retired_at", "retired_for", "changed_by"
             }) {
            file.exec(std::string("ALTER TABLE tenants DROP COLUMN ") + column);
        }
        for (const auto* column :
             {"last_used_at", "label", "expires_at", "added_by", "revoked_at", "revoked_by"}) {
            file.exec(std::string("ALTER TABLE api_keys DROP COLUMN ") + column);
        }
        for (const auto* column : {"changes", "changed_at", "changed_by"})
            file.exec(std::string("ALTER TABLE key_check DROP COLUMN ") + column);
        file.exec("PRAGMA user_version = 1");
    }
    fixture.reopen();
    CHECK(fixture.keys->authenticate(*text));
    CHECK(fixture.keys->credentials(acme) == credentials());
    CHECK(fixture.keys->find_tenant(acme)->credentials_replaced == 0);
    CHECK_FALSE(fixture.keys->find_tenant(acme)->retired_at);
    fixture.reopen();
    REQUIRE(fixture.keys->retire_tenant(acme, fixture.now, {}, {}));
}

TEST_CASE("no secret stands in the file, which only its owner may read", "[keys]") {
    Fixture fixture;
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), credentials());
    fixture.keys.reset();
    const auto bytes = content(fixture.file);
    CHECK(bytes.find("loja.example") != std::string::npos);
    for (const std::string& secret :
         {credentials().clubify_api_key,
          credentials().clubify_tenant_id,
          credentials().webhook_secret,
          text,
          text.substr(13)}) {
        CHECK(bytes.find(secret) == std::string::npos);
    }
    CHECK(mode_of(fixture.file) == 0600);
}

TEST_CASE("another master key is refused", "[keys]") {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), credentials()));
    fixture.keys.reset();
    auto other = *MasterKey::from_hex(std::string(64, 'b'));
    CHECK_THROWS_WITH(Keys::open(fixture.file, other), Catch::Contains("master key"));
    CHECK(Keys::open(fixture.file, master()));
}

TEST_CASE("under another master key all is as it was, and the old one opens nothing", "[keys]") {
    Fixture fixture;
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), credentials());
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), credentials()));
    REQUIRE(fixture.keys->retire_tenant(other_tenant, fixture.now, {}, {}));
    fixture.keys->forget_credentials(other_tenant);
    const auto fresh = MasterKey::fresh();
    fixture.keys->change_master_key(fresh, "cli:maria");
    CHECK(fixture.keys->credentials(acme) == credentials());
    REQUIRE(fixture.keys->add_tenant(tenant_of("later"), credentials()));
    fixture.keys.reset();
    CHECK(opens(fresh, fixture.file));
    CHECK_FALSE(opens(master(), fixture.file));
    CHECK_THROWS_WITH(Keys::open(fixture.file, master()), Catch::Contains("VITRINE_MASTER_KEY"));
    fixture.keys = Keys::open(fixture.file, fresh);
    CHECK(fixture.keys->credentials(acme) == credentials());
    CHECK(fixture.keys->credentials(TenantId("later")) == credentials());
    CHECK_FALSE(fixture.keys->credentials(other_tenant));
    CHECK(fixture.keys->authenticate(text));
}

TEST_CASE("a change of the master key that was cut off is ended by the next opening", "[keys]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "master.key";
    const auto keys_file = folder.path() / "keys.db";
    const auto next = folder.path() / "master.key.next";
    const auto open = [&] { return Keys::open(keys_file, open_master_key(file, keys_file)); };
    auto keys = open();
    REQUIRE(keys->add_tenant(tenant_of("acme"), credentials()));
    const auto fresh = MasterKey::fresh();
    const auto before = content(file);
    bool committed = false;
    SECTION("before the new key was written") {}
    SECTION("before the commit") {
        write_durably(next, fresh.bytes());
    }
    SECTION("after the commit") {
        write_durably(next, fresh.bytes());
        keys->change_master_key(fresh, "cli:maria");
        committed = true;
    }
    SECTION("after the end") {
        change_master_key(*keys, file, fresh, {});
        committed = true;
    }
    keys.reset();
    for (int i = 0; i < 2; ++i) {
        keys = open();
        CHECK(keys->credentials(acme) == credentials());
        CHECK(content(file) == (committed ? std::string(fresh.bytes()) : before));
        CHECK_FALSE(std::filesystem::exists(next));
        CHECK(mode_of(file) == 0600);
    }
}

TEST_CASE("sealed credentials do not open for another tenant or when altered", "[keys]") {
    auto sealed = seal(master(), "acme", "secret");
    CHECK(unseal(master(), "acme", sealed) == "secret");
    CHECK_FALSE(unseal(master(), "globex", sealed));
    CHECK(seal(master(), "acme", "secret") != sealed);
    for (auto& byte : sealed) {
        byte = static_cast<char>(byte ^ 1);
        CHECK_FALSE(unseal(master(), "acme", sealed));
        byte = static_cast<char>(byte ^ 1);
    }
    CHECK_FALSE(unseal(master(), "acme", sealed.substr(0, 10)));
}

TEST_CASE("what a user may get wrong about a tenant is said in a sentence", "[keys]") {
    Fixture fixture;
    const auto fault = [&](auto change) {
        auto tenant = tenant_of("acme");
        auto secrets = credentials();
        change(tenant, secrets);
        const auto result = fixture.keys->add_tenant(tenant, secrets);
        REQUIRE_FALSE(result);
        CHECK(result.error().find(secrets.clubify_api_key.substr(4)) == std::string::npos);
        return result.error();
    };
    using Catch::Contains;
    for (const auto& id :
         {std::string(),
          std::string("-a"),
          std::string("A"),
          std::string("a b"),
          std::string("a_b"),
          std::string(64, 'a')}) {
        CHECK_THAT(
            fault([&](Tenant& t, Credentials&) { t.id = TenantId(id); }), Contains("tenant's name")
        );
    }
    CHECK_THAT(
        fault([](Tenant& t, Credentials&) { t.environment = "prod"; }), Contains("environment")
    );
    for (const auto* key :
         {"",
          "clb_",
          "clb_prod_0123456789abcdef0123456789abcdef",
          "clb_test_0123456789abcdef0123456789abcde",
          "clb_test_0123456789abcdef0123456789abcdeg",
          "sk_test_0123456789",
          "clb_org_0123456789abcdef0123456789abcdef"}) {
        auto tenant = tenant_of("acme");
        auto secrets = credentials();
        secrets.clubify_api_key = key;
        INFO(key);
        CHECK_FALSE(fixture.keys->add_tenant(tenant, secrets));
    }
    for (const auto* locale :
         {"", "x", "pt BR", "pt_BR;", "a-locale-that-is-longer-than-35-bytes-is"}) {
        CHECK_THAT(fault([&](Tenant& t, Credentials&) { t.locale = locale; }), Contains("locale"));
    }
    CHECK_THAT(
        fault([](Tenant& t, Credentials&) { t.domain = "loja example"; }), Contains("domain")
    );
    CHECK_THAT(fault([](Tenant& t, Credentials&) { t.name = "a\nb"; }), Contains("one line"));
    CHECK_THAT(
        fault([](Tenant& t, Credentials&) { t.branding = JsonText(std::string(4097, ' ')); }),
        Contains("branding")
    );
    CHECK_THAT(
        fault([](Tenant&, Credentials& c) { c.webhook_secret = std::string("a\0b", 3); }),
        Contains("webhook secret")
    );
    CHECK_THAT(
        fault([](Tenant&, Credentials& c) { c.clubify_tenant_id = "acme"; }),
        Contains("Clubify tenant id")
    );
    CHECK(fixture.keys->tenants().empty());
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), credentials()));
    CHECK_THAT(fault([](Tenant&, Credentials&) {}), Contains("exists already"));
}

TEST_CASE("every spelling of the platform's keys and ids is accepted", "[keys]") {
    Fixture fixture;
    const std::string hex = "0123456789abcdef0123456789abcdef";
    int number = 0;
    for (const auto& key :
         {"clb_test_" + hex,
          "clb_live_" + hex,
          "clb_org_live_" + hex,
          "clb_multi_test_" + hex,
          "clb_tenant_live_" + hex,
          std::string("org_live_abc123"),
          std::string("ct_live_abc123"),
          std::string("tenant_test_abc123")}) {
        auto secrets = credentials();
        secrets.clubify_api_key = key;
        if (number % 2 == 0) secrets.clubify_tenant_id = "3F2504E0-4F89-41D3-9A0C-0305E82C3301";
        auto tenant = tenant_of("t" + std::to_string(number++));
        tenant.environment = environment_of_key(key).value();
        INFO(key);
        CHECK(fixture.keys->add_tenant(tenant, secrets));
    }
}

TEST_CASE("a key of the platform is for the environment of its tenant", "[keys]") {
    Fixture fixture;
    const std::string hex = "0123456789abcdef0123456789abcdef";
    for (const auto* prefix : {"clb_", "clb_org_", "org_"}) {
        for (const auto* mode : {"test", "live"}) {
            auto tenant = tenant_of("acme");
            tenant.environment = std::string(mode) == "test" ? "live" : "test";
            auto secrets = credentials();
            secrets.clubify_api_key = prefix + std::string(mode) + "_" + hex;
            const auto added = fixture.keys->add_tenant(tenant, secrets);
            REQUIRE_FALSE(added);
            CHECK_THAT(
                added.error(),
                Catch::Contains("is one for " + std::string(mode)) && !Catch::Contains(hex)
            );
        }
    }
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), credentials()));
    auto live = tenant_of("acme");
    live.environment = "live";
    auto live_credentials = credentials();
    live_credentials.clubify_api_key = "clb_live_" + hex;
    CHECK_FALSE(fixture.keys->change_tenant(live, credentials()));
    CHECK_FALSE(fixture.keys->change_tenant(tenant_of("acme"), live_credentials));
    CHECK(fixture.keys->change_tenant(live, live_credentials));
    CHECK_FALSE(fixture.keys->change_tenant(live, credentials()));
}

TEST_CASE("all that is wrong about a tenant is told at once", "[keys]") {
    auto tenant = tenant_of("A");
    tenant.environment = "live";
    tenant.domain = "https://loja.example";
    tenant.locale = "xx_YY";
    tenant.name = "\xff";
    auto secrets = credentials();
    secrets.clubify_organization_id = "a b";
    const auto faults = tenant_faults(tenant, secrets);
    std::vector<std::string_view> members;
    for (const auto& fault : faults) members.push_back(fault.members.front());
    CHECK(
        members ==
        std::vector<std::string_view>{
            "tenant", "clubify_api_key", "clubify_organization_id", "name", "domain", "locale"
        }
    );
    CHECK_THAT(*sentence_of(faults), Catch::Contains("; the domain is a host name"));
}

TEST_CASE("what was taken before there was a rule against it stays until it is changed", "[keys]") {
    auto before = tenant_of("acme");
    before.domain = "loja example";
    before.environment = "live";
    auto renamed = before;
    renamed.name = "Loja";
    CHECK(faults_of_change(before, credentials(), renamed, credentials()).empty());
    renamed.domain = "other example";
    CHECK(faults_of_change(before, credentials(), renamed, credentials()).size() == 1);
    auto other_key = credentials();
    other_key.clubify_api_key.back() = '0';
    CHECK(faults_of_change(before, credentials(), before, other_key).size() == 1);
}

TEST_CASE("a key ends when it was said to, and only its holder can tell", "[keys]") {
    Fixture fixture;
    auto now = fixture.now;
    const auto keys =
        Keys::open(fixture.folder.path() / "timed.db", master(), [&now] { return now; });
    REQUIRE(keys->add_tenant(tenant_of("acme"), credentials()));
    const auto ends = now + std::chrono::hours(1);
    const auto text = *keys->add_key(acme, {Role::reader, "till", ends, "cli:maria"}, now);
    CHECK(keys->authenticate(text));
    CHECK_FALSE(keys->expired_at(text));
    CHECK_FALSE(keys->add_key(acme, {.role = Role::reader, .expires_at = now}, now));
    REQUIRE(keys->add_key(acme, {Role::reader}, now));
    CHECK_FALSE(keys->add_key(acme, {Role::reader}, now));
    now = ends;
    CHECK_FALSE(keys->authenticate(text));
    CHECK(keys->expired_at(text) == ends);
    CHECK_FALSE(keys->expired_at(text.substr(0, text.size() - 1) + "_"));
    CHECK(keys->add_key(acme, {Role::reader}, now));  // in its place
    REQUIRE(keys->revoke_key(acme, text.substr(0, 12), now, "cli:joao"));
    CHECK_FALSE(keys->expired_at(text));
    const auto again = Keys::open(fixture.folder.path() / "timed.db", master());
    for (const auto& key : again->api_keys(acme)) {
        if (key.label != "till") continue;
        CHECK(key.expires_at == ends);
        CHECK(key.revoked_at == ends);
        CHECK(key.added_by == "cli:maria");
        CHECK(key.revoked_by == "cli:joao");
    }
}

TEST_CASE(
    "keys have roles, at most two of a role are active, a revoked one ends at once", "[keys]"
) {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), credentials()));
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), credentials()));
    const auto first = fixture.keys->add_key(acme, {Role::reader}, fixture.now);
    const auto second = fixture.keys->add_key(acme, {Role::reader}, fixture.now);
    REQUIRE(first);
    REQUIRE(second);
    const auto third = fixture.keys->add_key(acme, {Role::reader}, fixture.now);
    REQUIRE_FALSE(third);
    CHECK(third.error().find("two active keys") != std::string::npos);
    CHECK(fixture.keys->authenticate(*first)->role == Role::reader);
    CHECK_FALSE(fixture.keys->revoke_key(other_tenant, first->substr(0, 12), fixture.now, {}));
    CHECK_FALSE(fixture.keys->revoke_key(acme, "vtr_00000000", fixture.now, {}));
    CHECK(fixture.keys->authenticate(*first));
    REQUIRE(fixture.keys->revoke_key(acme, first->substr(0, 12), fixture.now, {}));
    CHECK_FALSE(fixture.keys->authenticate(*first));
    CHECK(fixture.keys->revoke_key(acme, first->substr(0, 12), fixture.now, {}));
    fixture.reopen();
    CHECK_FALSE(fixture.keys->authenticate(*first));
    CHECK(fixture.keys->authenticate(*second));
    CHECK(fixture.keys->add_key(acme, {Role::reader}, fixture.now));
    CHECK_FALSE(fixture.keys->add_key(TenantId("none"), {Role::reader}, fixture.now));
    const auto listed = fixture.keys->api_keys(acme);
    REQUIRE(listed.size() == 4);
    CHECK(listed.front().role == Role::admin);
    CHECK(std::ranges::count(listed, true, &ApiKey::revoked) == 1);
}

TEST_CASE("a key's last use is known at once and kept when it is saved", "[keys]") {
    TemporaryFolder folder;
    ManualClock clock;
    const auto file = folder.path() / "keys.db";
    auto keys = Keys::open(file, master(), clock.clock());
    const auto text = *keys->add_tenant(tenant_of("acme"), credentials());
    const auto used = [&keys] { return keys->api_keys(acme).front().last_used_at; };
    CHECK_FALSE(used());
    CHECK_FALSE(keys->authenticate(text.substr(0, text.size() - 1) + "_"));
    CHECK_FALSE(used());
    const auto reopen = [&] {
        keys.reset();
        keys = Keys::open(file, master(), clock.clock());
    };
    for (int i = 0; i < 3; ++i) {
        clock.advance(std::chrono::minutes(1));
        REQUIRE(keys->authenticate(text));
        CHECK(used() == clock.now());
        keys->save_uses();
        const auto saved = clock.now();
        clock.advance(std::chrono::minutes(1));
        REQUIRE(keys->authenticate(text));
        reopen();  // without saving
        CHECK(used() == saved);
    }
    const auto last = used();
    keys->save_uses();
    reopen();
    CHECK(used() == last);
}

TEST_CASE("keys are checked while others come and go", "[keys][threads]") {
    Fixture fixture;
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), credentials());
    std::atomic<int> failed = 0;
    {
        std::vector<std::jthread> running;
        for (int i = 0; i < 3; ++i) {
            running.emplace_back([&] {
                for (int k = 0; k < 200; ++k) {
                    if (!fixture.keys->authenticate(text)) ++failed;
                    if (!fixture.keys->credentials(acme)) ++failed;
                    if (k % 50 == 0) fixture.keys->save_uses();
                }
            });
        }
        for (int k = 0; k < 10; ++k) {
            const auto added = fixture.keys->add_key(acme, {Role::operator_}, fixture.now);
            if (!added || !fixture.keys->revoke_key(acme, added->substr(0, 12), fixture.now, {}))
                ++failed;
        }
    }
    CHECK(failed == 0);
}

TEST_CASE("a master key is made once, for its owner alone, and found again", "[keys]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "master.key";
    const std::string made(MasterKey::load_or_create(file).bytes());
    CHECK(made.size() == 32);
    CHECK(mode_of(file) == 0600);
    CHECK(MasterKey::load_or_create(file).bytes() == made);
    ::chmod(file.c_str(), 0640);
    CHECK_THROWS_WITH(MasterKey::load_or_create(file), Catch::Contains("0600"));
    ::chmod(file.c_str(), 0600);
    std::filesystem::resize_file(file, 31);
    CHECK_THROWS_WITH(MasterKey::load_or_create(file), Catch::Contains("32 bytes"));
    CHECK(MasterKey::from_hex(master_hex)->bytes() == std::string(32, '\xaa'));
    for (const auto& hex :
         {std::string(),
          std::string(63, 'a'),
          std::string(66, 'a'),
          std::string(64, 'g'),
          std::string(65, 'a')}) {
        CHECK_FALSE(MasterKey::from_hex(hex));
    }
}

TEST_CASE("roles have names", "[keys]") {
    for (const auto role : {Role::reader, Role::operator_, Role::admin}) {
        CHECK(parse_role(role_name(role)) == role);
    }
    CHECK(role_name(Role::operator_) == "operator");
    CHECK_FALSE(parse_role("root"));
}
