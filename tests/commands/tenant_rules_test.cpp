#include "commands/tenants/tenant_rules.hpp"

#include "store/tenant_rules.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using clubify::Credentials;
using store::Tenant;

namespace {

const std::string hex = "0123456789abcdef0123456789abcdef";

Tenant tenant_of(std::string id) {
    Tenant tenant;
    tenant.id = TenantId(std::move(id));
    tenant.environment = "test";
    tenant.domain = "loja.example";
    return tenant;
}

Credentials credentials() {
    return {
        .clubify_api_key = "clb_test_" + hex,
        .clubify_tenant_id = "5f1e2d3c4b5a69788796a5b4",
        .clubify_organization_id = "6f1e2d3c4b5a69788796a5b4",
        .webhook_secret = "whsec-very-secret",
    };
}

std::string fault_of(const Tenant& tenant, const Credentials& credentials) {
    return store::sentence_of(tenant_faults(tenant, credentials)).value_or("");
}

}  // namespace

TEST_CASE("what a user may get wrong about credentials is said without them") {
    CHECK(fault_of(tenant_of("acme"), credentials()).empty());
    const auto fault = [](auto change) {
        auto secrets = credentials();
        change(secrets);
        return fault_of(tenant_of("acme"), secrets);
    };
    using Catch::Contains;
    for (const auto* key :
         {"",
          "clb_",
          "clb_prod_0123456789abcdef0123456789abcdef",
          "clb_test_0123456789abcdef0123456789abcde",
          "clb_test_0123456789abcdef0123456789abcdeg",
          "sk_test_0123456789",
          "clb_org_0123456789abcdef0123456789abcdef"}) {
        INFO(key);
        const auto told = fault([key](Credentials& c) { c.clubify_api_key = key; });
        CHECK_THAT(told, Contains("no Clubify API key") && !Contains("0123456789"));
    }
    CHECK_THAT(
        fault([](Credentials& c) { c.webhook_secret = std::string("a\0b", 3); }),
        Contains("webhook secret")
    );
    CHECK_THAT(
        fault([](Credentials& c) { c.clubify_tenant_id = "acme"; }), Contains("Clubify tenant id")
    );
}

TEST_CASE("every spelling of the platform's keys and ids is accepted") {
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
        if (number++ % 2 == 0) secrets.clubify_tenant_id = "3F2504E0-4F89-41D3-9A0C-0305E82C3301";
        auto tenant = tenant_of("acme");
        tenant.environment = clubify::environment_of_key(key).value();
        INFO(key);
        CHECK(fault_of(tenant, secrets).empty());
    }
}

TEST_CASE("a key of the platform is for the environment of its tenant") {
    for (const auto* prefix : {"clb_", "clb_org_", "org_"}) {
        for (const auto* mode : {"test", "live"}) {
            auto tenant = tenant_of("acme");
            tenant.environment = std::string(mode) == "test" ? "live" : "test";
            auto secrets = credentials();
            secrets.clubify_api_key = prefix + std::string(mode) + "_" + hex;
            CHECK_THAT(
                fault_of(tenant, secrets),
                Catch::Contains("is one for " + std::string(mode)) && !Catch::Contains(hex)
            );
        }
    }
    auto live = tenant_of("acme");
    live.environment = "live";
    auto live_credentials = credentials();
    live_credentials.clubify_api_key = "clb_live_" + hex;
    const auto test = tenant_of("acme");
    CHECK(faults_of_change(test, credentials(), live, credentials()).size() == 1);
    CHECK(faults_of_change(test, credentials(), test, live_credentials).size() == 1);
    CHECK(faults_of_change(test, credentials(), live, live_credentials).empty());
}

TEST_CASE("all that is wrong about a tenant is told at once, in the order in which it is given") {
    auto tenant = tenant_of("A");
    tenant.environment = "live";
    tenant.domain = "https://loja.example";
    tenant.locale = "xx_YY";
    tenant.name = "\xff";
    auto secrets = credentials();
    secrets.clubify_organization_id = "a b";
    secrets.webhook_secret = "\n";
    const auto faults = tenant_faults(tenant, secrets);
    std::vector<std::string_view> members;
    for (const auto& fault : faults) members.push_back(fault.members.front());
    CHECK(
        members ==
        std::vector<std::string_view>{
            "tenant",
            "clubify_api_key",
            "clubify_organization_id",
            "name",
            "domain",
            "locale",
            "webhook_secret"
        }
    );
    CHECK_THAT(*store::sentence_of(faults), Catch::Contains("; the domain is a host name"));
}

TEST_CASE("what was taken before there was a rule against it stays until it is changed") {
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

TEST_CASE("credentials come out of their secret as they went in") {
    auto odd = credentials();
    odd.webhook_secret = "a \"quoted\" \\ Açaí";
    odd.clubify_organization_id.clear();
    CHECK(clubify::credentials_in(clubify::secret_of(odd)) == odd);
    CHECK(secrets_of(odd).at("clubify") == clubify::secret_of(odd));
    for (const auto* text : {"", "[]", "{}", R"({"api_key":5})"}) {
        CHECK_THROWS_AS(clubify::credentials_in(JsonText(text)), std::runtime_error);
    }
}
