#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <filesystem>
#include <future>

#include "api/control/line_socket.hpp"
#include "api/control/operations.hpp"
#include "api/control/server.hpp"
#include "store/memory/memory_event_store.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;
namespace fs = std::filesystem;

namespace {

class TemporaryFolder {
public:
    TemporaryFolder() {
        auto made = (fs::temp_directory_path() / "vitrine-XXXXXX").string();
        REQUIRE(::mkdtemp(made.data()) != nullptr);
        path_ = made;
    }
    ~TemporaryFolder() { fs::remove_all(path_); }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// One tenant, "acme", and keys that always are "vtr_new".
class FewKeys : public store::Keys {
public:
    using Text = std::expected<std::string, std::string>;
    Text add_tenant(const store::Tenant& tenant, const store::Secrets& secrets) override {
        if (tenant.id == acme) return std::unexpected("the tenant acme exists already");
        given = clubify::credentials_in(secrets.at("clubify")).clubify_api_key;
        return "vtr_first";
    }
    std::expected<void, std::string> change_tenant(const store::Tenant&, const store::Secrets&)
        override {
        return {};
    }
    std::expected<void, std::string>
    retire_tenant(const TenantId&, Timestamp, const std::optional<std::string>&, const std::string&)
        override {
        return {};
    }
    void forget_secrets(const TenantId&) override {}
    std::uint64_t revision() const override { return 0; }
    std::vector<store::Tenant> tenants() override { return {}; }
    std::optional<store::Tenant> find_tenant(const TenantId& id) override {
        if (id != acme) return std::nullopt;
        store::Tenant tenant;
        tenant.id = id;
        return tenant;
    }
    std::optional<JsonText> secret(const TenantId&, const std::string&) override { return {}; }
    void remove_tenant(const TenantId&) override {}
    std::expected<void, std::string>
    keep_secret(const TenantId&, const std::string&, const JsonText&) override {
        return {};
    }
    void drop_secret(const TenantId&, const std::string&) override {}
    Text add_key(const TenantId&, const store::KeyRequest&, Timestamp) override {
        return "vtr_new";
    }
    std::vector<store::ApiKey> api_keys(const TenantId& tenant) override {
        store::ApiKey key;
        key.prefix = "vtr_new";
        key.tenant = tenant;
        return {key};
    }
    std::expected<void, std::string>
    revoke_key(const TenantId&, std::string_view, Timestamp, const std::string&) override {
        return {};
    }
    std::expected<void, std::string> note_shown(const TenantId&, std::string_view) override {
        return {};
    }
    std::optional<store::Principal> authenticate(std::string_view) override { return {}; }
    void save_uses() override {}
    std::optional<Timestamp> expired_at(std::string_view) override { return {}; }
    void change_master_key(const store::MasterKey&, const std::string&) override {}
    store::MasterKeyChanges master_key_changes() override { return {}; }

    const TenantId acme{"acme"};
    std::string given;
};

projections::RebuildReport no_rebuild(const std::string&, const projections::RebuildOptions&) {
    throw std::runtime_error("the disk is broken");
}

/// Of a log in memory.
struct Registry {
    FewKeys keys;
    store::MemoryEventStore log{system_clock()};
    commands::Tenants tenants{keys, log, system_clock(), uuid_v7_source(system_clock())};

    Administration administration() {
        Administration made{keys, no_rebuild};
        made.tenants = [this]() -> commands::Tenants& { return tenants; };
        return made;
    }
};

const std::string clubify_key = "clb_test_0123456789abcdef0123456789abcdef";

std::string addition_of(const std::string& tenant) {
    Json request;
    request["command"] = "tenant add";
    request["arguments"] = {
        {"tenant", tenant},
        {"clubify_api_key", clubify_key},
        {"clubify_tenant_id", "65f0c0ffee00000000000001"},
        {"environment", "test"},
        {"locale", "pt_BR"}
    };
    return request.dump();
}

Json ask(const fs::path& data, const std::string& line) {
    LineSocket socket(ControlAddress(data).connect());
    REQUIRE(socket.write_line(line));
    return Json::parse(socket.read_line(std::chrono::seconds(30)).value());
}

}  // namespace

TEST_CASE("an operation is asked for over the control socket and answered") {
    const TemporaryFolder folder;
    Registry registry;
    ControlServer server(folder.path(), registry.administration());
    CHECK(
        ask(folder.path(), addition_of("tea")) ==
        Json::parse(R"({"result":{"tenant":"tea","api_key":"vtr_first"}})")
    );
    CHECK(registry.keys.given == clubify_key);
    CHECK(registry.log.head() == 1);
    CHECK(
        ask(folder.path(), R"({"command":"key add","arguments":{"tenant":"acme","role":"reader"}})"
        )["result"]["api_key"] == "vtr_new"
    );
}

TEST_CASE("what cannot be done is answered with one sentence, and the server lives") {
    const TemporaryFolder folder;
    Registry registry;
    ControlServer server(folder.path(), registry.administration());
    const auto error = [&](const std::string& line) {
        return ask(folder.path(), line).at("error").get<std::string>();
    };
    CHECK(error(addition_of("acme")) == "the tenant acme exists already");
    CHECK(
        error(R"({"command":"key add","arguments":{"tenant":"tea","role":"reader"}})") ==
        "there is no tenant tea"
    );
    CHECK(error(R"({"command":"key add","arguments":{"tenant":"acme","role":"king"}})")
              .starts_with("a role is"));
    CHECK(
        error(R"({"command":"parked retry","arguments":{"projection":"offers","tenant":"tea"}})") ==
        "there is no tenant tea"
    );
    CHECK(error(R"({"command":"rebuild","arguments":{"names":["nonsense"]}})")
              .starts_with("there is no read model nonsense"));
    CHECK(error(R"({"command":"rebuild","arguments":{"all":true}})") == "the disk is broken");
    CHECK(error(R"({"command":"shutdown"})") == "there is no operation shutdown");
    CHECK_FALSE(error("nonsense").empty());
    CHECK_FALSE(error("{}").empty());
}

TEST_CASE("the control socket is its owner's alone and goes with the server") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "control.sock";
    FewKeys keys;
    {
        ControlServer server(folder.path(), {keys, no_rebuild});
        struct stat found{};
        REQUIRE(::stat(file.c_str(), &found) == 0);
        CHECK((found.st_mode & 0777) == 0600);
    }
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(ControlAddress(folder.path()).connect().is_open());
}

TEST_CASE("a socket that a killed server has left is replaced, also under a long path") {
    const TemporaryFolder folder;
    const auto data = folder.path() / std::string(120, 'd') / std::string(120, 'e');
    fs::create_directories(data);
    {
        const auto left = ControlAddress(data).listen();
    }
    REQUIRE(fs::exists(data / "control.sock"));
    FewKeys keys;
    ControlServer server(data, {keys, no_rebuild});
    CHECK(ask(data, R"({"command":"tenant list"})") == Json::parse(R"({"result":[]})"));
}

TEST_CASE("a rebuild tells its progress, and is given up when the asker leaves") {
    const TemporaryFolder folder;
    FewKeys keys;
    std::promise<void> cancelled;
    const auto endless = [&](const std::string&, const projections::RebuildOptions& options
                         ) -> projections::RebuildReport {
        projections::RebuildProgress progress;
        progress.done = 1;
        progress.total = 2;
        progress.per_second = 3;
        while (!options.cancelled()) options.progress(progress);
        cancelled.set_value();
        throw projections::Cancelled();
    };
    ControlServer server(folder.path(), {keys, endless});
    {
        LineSocket socket(ControlAddress(folder.path()).connect());
        REQUIRE(socket.write_line(R"({"command":"rebuild","arguments":{"names":["offers"]}})"));
        const auto said = Json::parse(socket.read_line(std::chrono::seconds(30)).value());
        CHECK(
            said ==
            Json::parse(
                R"({"progress":{"name":"offers","phase":"building","done":1,"total":2,"per_second":3.0}})"
            )
        );
    }
    CHECK(cancelled.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
}

TEST_CASE("a rebuild tells how the new one differs before it tells that it is done") {
    const TemporaryFolder folder;
    FewKeys keys;
    const auto rebuild = [](const std::string& name, const projections::RebuildOptions& options) {
        projections::RebuildReport report;
        report.name = name;
        report.live_fault = "there is none yet";
        options.compared(report);
        report.switched = true;
        return report;
    };
    ControlServer server(folder.path(), {keys, rebuild});
    LineSocket socket(ControlAddress(folder.path()).connect());
    REQUIRE(socket.write_line(
        R"({"command":"rebuild","arguments":{"names":["offers","offers"],"diff":true}})"
    ));
    const auto next = [&] {
        return Json::parse(socket.read_line(std::chrono::seconds(30)).value());
    };
    CHECK(
        next() == Json::parse(R"({"compared":{"name":"offers","live_fault":"there is none yet"}})")
    );
    const auto report = next().at("report");
    CHECK(report.at("switched") == true);
    CHECK(report.at("live_fault") == "there is none yet");
    CHECK(next() == Json::parse(R"({"result":{}})"));
}
