#include "commands/endpoints/secrets.hpp"

#include <filesystem>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using namespace std::chrono_literals;

namespace {

const TenantId acme("acme");
const events::EndpointId endpoint("e1");
constexpr Timestamp noon{1'800'000'000s};

/// A key file of one tenant.
class KeysFile {
public:
    KeysFile() {
        auto pattern = (std::filesystem::temp_directory_path() / "vitrine-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = pattern;
        open();
        store::Tenant tenant;
        tenant.id = acme;
        REQUIRE(keys->add_tenant(tenant, {}));
    }
    ~KeysFile() {
        keys.reset();
        std::filesystem::remove_all(folder_);
    }
    KeysFile(const KeysFile&) = delete;
    KeysFile& operator=(const KeysFile&) = delete;

    void open() {
        keys.reset();
        keys = store::Keys::open(folder_ / "keys.db", master_);
    }

    std::unique_ptr<store::Keys> keys;

private:
    std::filesystem::path folder_;
    store::MasterKey master_ = store::MasterKey::fresh();
};

}  // namespace

TEST_CASE("a secret is made when it is first shown, and is the same from then on", "[endpoint]") {
    KeysFile file;
    std::string shown;
    {
        EndpointSecrets secrets(*file.keys);
        CHECK_FALSE(secrets.find(acme, endpoint, 1));
        CHECK(secrets.signing({acme, endpoint, 1, noon}, noon).empty());
        shown = secrets.show({acme, endpoint, 1, noon}).value();
        CHECK(secrets.show({acme, endpoint, 1, noon}) == shown);
    }
    file.open();
    EndpointSecrets secrets(*file.keys);
    CHECK(secrets.find(acme, endpoint, 1) == shown);
    CHECK(secrets.signing({acme, endpoint, 1, noon}, noon) == std::vector{shown});
    CHECK_FALSE(secrets.find(acme, events::EndpointId("e2"), 1));
    CHECK_FALSE(secrets.show({TenantId("other"), endpoint, 1, noon}));
}

TEST_CASE(
    "the secret before signs for a day after a rotation, and of three the oldest is gone",
    "[endpoint]"
) {
    KeysFile file;
    EndpointSecrets secrets(*file.keys);
    const auto first = secrets.show({acme, endpoint, 1, noon}).value();
    const SecretOfEndpoint newest{acme, endpoint, 2, noon};
    CHECK(secrets.signing(newest, noon) == std::vector{first});  // nobody was shown the second yet
    const auto second = secrets.show(newest).value();
    CHECK(secrets.signing(newest, noon + 24h - 1us) == std::vector{second, first});
    CHECK(secrets.signing(newest, noon + 24h) == std::vector{second});
    const auto third = secrets.show({acme, endpoint, 3, noon}).value();
    CHECK_FALSE(secrets.find(acme, endpoint, 1));
    CHECK(secrets.signing({acme, endpoint, 3, noon}, noon) == std::vector{third, second});
}

TEST_CASE("secrets that are forgotten are nowhere", "[endpoint]") {
    KeysFile file;
    EndpointSecrets secrets(*file.keys);
    secrets.show({acme, endpoint, 1, noon});
    secrets.show({acme, events::EndpointId("e2"), 1, noon});
    secrets.forget(acme, endpoint);
    file.open();
    EndpointSecrets again(*file.keys);
    CHECK_FALSE(again.find(acme, endpoint, 1));
    CHECK(again.find(acme, events::EndpointId("e2"), 1));
}
