#include "store/keys.hpp"

#include <SQLiteCpp/Database.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "store/durable_file.hpp"
#include "store/sealed_box.hpp"
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
        INFO(key);
        CHECK(fixture.keys->add_tenant(tenant_of("t" + std::to_string(number++)), secrets));
    }
}

TEST_CASE(
    "keys have roles, at most two of a role are active, a revoked one ends at once", "[keys]"
) {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), credentials()));
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), credentials()));
    const auto first = fixture.keys->add_key(acme, Role::reader, fixture.now);
    const auto second = fixture.keys->add_key(acme, Role::reader, fixture.now);
    REQUIRE(first);
    REQUIRE(second);
    const auto third = fixture.keys->add_key(acme, Role::reader, fixture.now);
    REQUIRE_FALSE(third);
    CHECK(third.error().find("two active keys") != std::string::npos);
    CHECK(fixture.keys->authenticate(*first)->role == Role::reader);
    CHECK_FALSE(fixture.keys->revoke_key(other_tenant, first->substr(0, 12)));
    CHECK_FALSE(fixture.keys->revoke_key(acme, "vtr_00000000"));
    CHECK(fixture.keys->authenticate(*first));
    REQUIRE(fixture.keys->revoke_key(acme, first->substr(0, 12)));
    CHECK_FALSE(fixture.keys->authenticate(*first));
    CHECK(fixture.keys->revoke_key(acme, first->substr(0, 12)));
    fixture.reopen();
    CHECK_FALSE(fixture.keys->authenticate(*first));
    CHECK(fixture.keys->authenticate(*second));
    CHECK(fixture.keys->add_key(acme, Role::reader, fixture.now));
    CHECK_FALSE(fixture.keys->add_key(TenantId("none"), Role::reader, fixture.now));
    const auto listed = fixture.keys->api_keys(acme);
    REQUIRE(listed.size() == 4);
    CHECK(listed.front().role == Role::admin);
    CHECK(std::ranges::count(listed, true, &ApiKey::revoked) == 1);
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
                }
            });
        }
        for (int k = 0; k < 10; ++k) {
            const auto added = fixture.keys->add_key(acme, Role::operator_, fixture.now);
            if (!added || !fixture.keys->revoke_key(acme, added->substr(0, 12))) ++failed;
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

TEST_CASE("a durable file is replaced whole", "[durable-file]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "current.json";
    write_durably(file, "one");
    CHECK(content(file) == "one");
    write_durably(file, std::string(100'000, 'x'));
    CHECK(content(file) == std::string(100'000, 'x'));
    write_durably(file, "");
    CHECK(content(file).empty());
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    CHECK_THROWS_AS(write_durably(folder.path() / "none" / "file", "x"), std::system_error);
}
