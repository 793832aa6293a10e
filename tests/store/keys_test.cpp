#include "store/keys.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
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

const std::string first_secret = R"({"api_key":"clb_test_0123456789abcdef0123456789abcdef"})";
const std::string second_secret = R"({"user":"ana","password":"whsec-very-secret"})";

Secrets secrets() {
    return {{"clubify", JsonText(first_secret)}, {"parcels", JsonText(second_secret)}};
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
    const auto text = fixture.keys->add_tenant(tenant_of("acme"), secrets());
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
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), secrets());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto altered = text;
        altered[i] = altered[i] == 'x' ? 'y' : 'x';
        CHECK_FALSE(fixture.keys->authenticate(altered));
    }
    CHECK_FALSE(fixture.keys->authenticate(""));
    CHECK_FALSE(fixture.keys->authenticate(text + "x"));
    CHECK_FALSE(fixture.keys->authenticate(text.substr(0, 12)));
}

TEST_CASE("tenants and secrets come back as given", "[keys]") {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), secrets()));
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), {{"parcels", JsonText("{}")}}));
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
    CHECK(fixture.keys->secret(acme, "parcels") == JsonText("{}"));
    CHECK_FALSE(fixture.keys->secret(acme, "clubify"));
    CHECK(fixture.keys->secret(other_tenant, "parcels") == JsonText(second_secret));
    CHECK(fixture.keys->secret(other_tenant, "clubify") == JsonText(first_secret));
    CHECK_FALSE(fixture.keys->secret(TenantId("none"), "clubify"));
}

TEST_CASE("a changed tenant and its secrets come back as they are now", "[keys]") {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), secrets()));
    const auto before = fixture.keys->revision();
    auto tenant = tenant_of("acme");
    tenant.name = "Loja Acme";
    tenant.branding = JsonText(R"({"colour":"green"})");
    tenant.locale = "en_US";
    tenant.credentials_replaced = 1;
    tenant.created_at = fixture.now;  // stays as it was
    const JsonText another(R"({"api_key":"another"})");
    REQUIRE(fixture.keys->change_tenant(tenant, {{"clubify", another}}));
    CHECK(fixture.keys->revision() > before);
    for (int i = 0; i < 2; ++i) {
        const auto found = *fixture.keys->find_tenant(acme);
        CHECK(found.name == "Loja Acme");
        CHECK(found.branding == tenant.branding);
        CHECK(found.locale == "en_US");
        CHECK(found.domain == "loja.example");
        CHECK(found.credentials_replaced == 1);
        CHECK(found.created_at == tenant_of("acme").created_at);
        CHECK(fixture.keys->secret(acme, "clubify") == another);
        CHECK(fixture.keys->secret(acme, "parcels") == JsonText(second_secret));
        fixture.reopen();
    }
    tenant.domain = "loja example";
    CHECK_FALSE(fixture.keys->change_tenant(tenant, secrets()));
    CHECK_FALSE(fixture.keys->change_tenant(tenant_of("none"), secrets()));
}

TEST_CASE("a retired tenant has no key that works, gets none and changes no more", "[keys]") {
    Fixture fixture;
    const auto text = fixture.keys->add_tenant(tenant_of("acme"), secrets());
    const auto others = fixture.keys->add_tenant(tenant_of("globex"), secrets());
    fixture.keys->forget_secrets(acme);  // of no effect before it is retired
    CHECK(fixture.keys->secret(acme, "clubify"));
    REQUIRE(fixture.keys->retire_tenant(acme, fixture.now, "moved", {}));
    REQUIRE(fixture.keys->retire_tenant(acme, fixture.now + std::chrono::hours(1), "again", {}));
    CHECK_FALSE(fixture.keys->retire_tenant(TenantId("none"), fixture.now, {}, {}));
    CHECK(fixture.keys->secret(acme, "clubify") == JsonText(first_secret));
    fixture.keys->forget_secrets(acme);
    for (int i = 0; i < 2; ++i) {
        CHECK(fixture.keys->find_tenant(acme)->retired_at == fixture.now);
        CHECK(fixture.keys->find_tenant(acme)->retired_for == "moved");
        CHECK_FALSE(fixture.keys->secret(acme, "clubify"));
        CHECK_FALSE(fixture.keys->authenticate(*text));
        CHECK_FALSE(fixture.keys->add_key(acme, {Role::reader}, fixture.now));
        CHECK_FALSE(fixture.keys->change_tenant(tenant_of("acme"), secrets()));
        CHECK_FALSE(fixture.keys->add_tenant(tenant_of("acme"), secrets()));
        CHECK(fixture.keys->authenticate(*others));
        fixture.reopen();
    }
}

namespace {

/// As older programs kept them: sealed together, beside the tenant.
void keep_as_before(SQLite::Database& file, const std::string& tenant, const std::string& packed) {
    SQLite::Statement update(file, "UPDATE tenants SET sealed = ? WHERE tenant = ?");
    const auto sealed =
        packed.empty() ? packed : seal(master(), "vitrine credentials of " + tenant, packed);
    update.bind(1, sealed.data(), static_cast<int>(sealed.size()));
    update.bind(2, tenant);
    update.exec();
}

const std::string packed(
    "clb_test_0123456789abcdef0123456789abcdef\0"
    "5f1e2d3c4b5a69788796a5b4\0"
    "\0"
    "whsec \"very\" secret\\\0",
    42 + 25 + 1 + 21
);
const std::string unpacked =
    R"({"api_key":"clb_test_0123456789abcdef0123456789abcdef","tenant_id":"5f1e2d3c4b5a69788796a5b4",)"
    R"("organization_id":"","webhook_secret":"whsec \"very\" secret\\"})";

/// A file with tenants as a program left it that knew one connector only.
void lead_back(const std::filesystem::path& path, int version) {
    SQLite::Database file(path.string(), SQLite::OPEN_READWRITE);
    file.exec("DROP TABLE secrets");
    file.exec("ALTER TABLE tenants ADD COLUMN sealed BLOB NOT NULL DEFAULT x''");
    keep_as_before(file, "acme", packed);
    file.exec("PRAGMA user_version = " + std::to_string(version));
}

}  // namespace

TEST_CASE("secrets that an older program kept are those of the connector there was", "[keys]") {
    Fixture fixture;
    const auto text = fixture.keys->add_tenant(tenant_of("acme"), {});
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), {}));
    REQUIRE(fixture.keys->retire_tenant(other_tenant, fixture.now, {}, {}));  // and forgotten
    fixture.keys.reset();
    lead_back(fixture.file, 5);
    const auto as_it_was = content(fixture.file);
    auto other = *MasterKey::from_hex(std::string(64, 'b'));
    CHECK_THROWS_WITH(Keys::open(fixture.file, other), Catch::Contains("master key"));
    for (int i = 0; i < 2; ++i) {
        fixture.reopen();
        CHECK(fixture.keys->authenticate(*text));
        CHECK(fixture.keys->secret(acme, "clubify") == JsonText(unpacked));
        CHECK_FALSE(fixture.keys->secret(acme, "parcels"));
        CHECK_FALSE(fixture.keys->secret(other_tenant, "clubify"));
    }
    fixture.keys->change_master_key(MasterKey::fresh(), {});
    CHECK(fixture.keys->secret(acme, "clubify") == JsonText(unpacked));
    fixture.keys.reset();
    {
        const SQLite::Database file(fixture.file.string(), SQLite::OPEN_READONLY);
        SQLite::Statement column(
            file, "SELECT count(*) FROM pragma_table_info('tenants') WHERE name = 'sealed'"
        );
        REQUIRE(column.executeStep());
        CHECK(column.getColumn(0).getInt() == 0);
    }
    CHECK(content(fixture.file) != as_it_was);
}

TEST_CASE("older secrets that do not open leave the file as it was", "[keys]") {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), {}));
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), {}));
    fixture.keys.reset();
    lead_back(fixture.file, 5);
    {
        SQLite::Database file(fixture.file.string(), SQLite::OPEN_READWRITE);
        keep_as_before(file, "globex", "cut off\0");
    }
    for (int i = 0; i < 2; ++i) {
        CHECK_THROWS_WITH(Keys::open(fixture.file, master()), Catch::Contains("cut off"));
        const SQLite::Database file(fixture.file.string(), SQLite::OPEN_READONLY);
        SQLite::Statement kept(file, "SELECT count(*) FROM tenants WHERE length(sealed) > 0");
        REQUIRE(kept.executeStep());
        CHECK(kept.getColumn(0).getInt() == 2);
    }
}

TEST_CASE("a key file of the first version is led to the present one", "[keys]") {
    Fixture fixture;
    const auto text = fixture.keys->add_tenant(tenant_of("acme"), {});
    fixture.keys.reset();
    {
        SQLite::Database file(fixture.file.string(), SQLite::OPEN_READWRITE);
        for (const auto* column :
             {"name", "branding", "credentials_replaced", "retired_at", "retired_for", "changed_by"
             }) {
            file.exec(std::string("ALTER TABLE tenants DROP COLUMN ") + column);
        }
        for (const auto* column :
             {"last_used_at", "label", "expires_at", "added_by", "revoked_at", "revoked_by", "shown"
             }) {
            file.exec(std::string("ALTER TABLE api_keys DROP COLUMN ") + column);
        }
        for (const auto* column : {"changes", "changed_at", "changed_by"})
            file.exec(std::string("ALTER TABLE key_check DROP COLUMN ") + column);
        file.exec("UPDATE tenants SET locale = 'pt-BR'");  // as it was given
    }
    lead_back(fixture.file, 1);
    fixture.reopen();
    CHECK(fixture.keys->authenticate(*text));
    CHECK(fixture.keys->api_keys(acme).front().shown);
    CHECK(fixture.keys->find_tenant(acme)->locale == "pt_BR");
    CHECK(fixture.keys->secret(acme, "clubify") == JsonText(unpacked));
    CHECK(fixture.keys->find_tenant(acme)->credentials_replaced == 0);
    CHECK_FALSE(fixture.keys->find_tenant(acme)->retired_at);
    fixture.reopen();
    REQUIRE(fixture.keys->retire_tenant(acme, fixture.now, {}, {}));
}

TEST_CASE("no secret stands in the file, which only its owner may read", "[keys]") {
    Fixture fixture;
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), secrets());
    fixture.keys.reset();
    const auto bytes = content(fixture.file);
    CHECK(bytes.find("loja.example") != std::string::npos);
    for (const std::string& secret :
         {std::string("clb_test_0123456789abcdef0123456789abcdef"),
          std::string("whsec-very-secret"),
          text,
          text.substr(13)}) {
        CHECK(bytes.find(secret) == std::string::npos);
    }
    CHECK(mode_of(fixture.file) == 0600);
}

TEST_CASE("another master key is refused", "[keys]") {
    Fixture fixture;
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), secrets()));
    fixture.keys.reset();
    auto other = *MasterKey::from_hex(std::string(64, 'b'));
    CHECK_THROWS_WITH(Keys::open(fixture.file, other), Catch::Contains("master key"));
    CHECK(Keys::open(fixture.file, master()));
}

TEST_CASE("under another master key all is as it was, and the old one opens nothing", "[keys]") {
    Fixture fixture;
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), secrets());
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), secrets()));
    REQUIRE(fixture.keys->retire_tenant(other_tenant, fixture.now, {}, {}));
    fixture.keys->forget_secrets(other_tenant);
    const auto fresh = MasterKey::fresh();
    fixture.keys->change_master_key(fresh, "cli:maria");
    CHECK(fixture.keys->secret(acme, "clubify") == JsonText(first_secret));
    REQUIRE(fixture.keys->add_tenant(tenant_of("later"), secrets()));
    fixture.keys.reset();
    CHECK(opens(fresh, fixture.file));
    CHECK_FALSE(opens(master(), fixture.file));
    CHECK_THROWS_WITH(Keys::open(fixture.file, master()), Catch::Contains("VITRINE_MASTER_KEY"));
    fixture.keys = Keys::open(fixture.file, fresh);
    CHECK(fixture.keys->secret(acme, "clubify") == JsonText(first_secret));
    CHECK(fixture.keys->secret(TenantId("later"), "clubify") == JsonText(first_secret));
    CHECK_FALSE(fixture.keys->secret(other_tenant, "clubify"));
    CHECK(fixture.keys->authenticate(text));
}

TEST_CASE("a change of the master key that was cut off is ended by the next opening", "[keys]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "master.key";
    const auto keys_file = folder.path() / "keys.db";
    const auto next = folder.path() / "master.key.next";
    const auto open = [&] { return Keys::open(keys_file, open_master_key(file, keys_file)); };
    auto keys = open();
    REQUIRE(keys->add_tenant(tenant_of("acme"), secrets()));
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
        CHECK(keys->secret(acme, "clubify") == JsonText(first_secret));
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
        change(tenant);
        const auto result = fixture.keys->add_tenant(tenant, secrets());
        REQUIRE_FALSE(result);
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
        CHECK_THAT(fault([&](Tenant& t) { t.id = TenantId(id); }), Contains("tenant's name"));
    }
    CHECK_THAT(fault([](Tenant& t) { t.environment = "prod"; }), Contains("environment"));
    for (const auto* locale :
         {"", "x", "pt BR", "pt_BR;", "a-locale-that-is-longer-than-35-bytes-is"}) {
        CHECK_THAT(fault([&](Tenant& t) { t.locale = locale; }), Contains("locale"));
    }
    CHECK_THAT(fault([](Tenant& t) { t.domain = "loja example"; }), Contains("domain"));
    CHECK_THAT(fault([](Tenant& t) { t.name = "a\nb"; }), Contains("one line"));
    CHECK_THAT(fault([](Tenant& t) { t.name = "\u00a0\U000E0061"; }), Contains("blanks"));
    CHECK_THAT(
        fault([](Tenant& t) { t.branding = JsonText(std::string(4097, ' ')); }),
        Contains("branding")
    );
    CHECK(fixture.keys->tenants().empty());
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), secrets()));
    CHECK_THAT(fault([](Tenant&) {}), Contains("exists already"));
}

TEST_CASE("a key ends when it was said to, and only its holder can tell", "[keys]") {
    Fixture fixture;
    auto now = fixture.now;
    const auto keys =
        Keys::open(fixture.folder.path() / "timed.db", master(), [&now] { return now; });
    REQUIRE(keys->add_tenant(tenant_of("acme"), secrets()));
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
    REQUIRE(fixture.keys->add_tenant(tenant_of("acme"), secrets()));
    REQUIRE(fixture.keys->add_tenant(tenant_of("globex"), secrets()));
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

TEST_CASE("a key is one that nobody may have seen until that is noted", "[keys]") {
    Fixture fixture;
    const auto first = *fixture.keys->add_tenant(tenant_of("acme"), secrets());
    const auto second = *fixture.keys->add_key(acme, {Role::reader}, fixture.now);
    const auto shown = [&] {
        std::vector<bool> each;
        for (const auto& key : fixture.keys->api_keys(acme)) each.push_back(key.shown);
        return each;
    };
    CHECK(shown() == std::vector{false, false});
    CHECK(fixture.keys->authenticate(first));
    fixture.reopen();
    CHECK(shown() == std::vector{false, false});
    REQUIRE(fixture.keys->note_shown(acme, second.substr(0, 12)));
    CHECK(fixture.keys->note_shown(acme, second.substr(0, 12)));
    CHECK(shown() == std::vector{false, true});
    fixture.reopen();
    CHECK(shown() == std::vector{false, true});
    CHECK_FALSE(fixture.keys->note_shown(acme, "vtr_00000000"));
    CHECK_FALSE(fixture.keys->note_shown(other_tenant, first.substr(0, 12)));
}

TEST_CASE("a key's last use is known at once and kept when it is saved", "[keys]") {
    TemporaryFolder folder;
    ManualClock clock;
    const auto file = folder.path() / "keys.db";
    auto keys = Keys::open(file, master(), clock.clock());
    const auto text = *keys->add_tenant(tenant_of("acme"), secrets());
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
    const auto text = *fixture.keys->add_tenant(tenant_of("acme"), secrets());
    std::atomic<int> failed = 0;
    {
        std::vector<std::jthread> running;
        for (int i = 0; i < 3; ++i) {
            running.emplace_back([&] {
                for (int k = 0; k < 200; ++k) {
                    if (!fixture.keys->authenticate(text)) ++failed;
                    if (!fixture.keys->secret(acme, "clubify")) ++failed;
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
