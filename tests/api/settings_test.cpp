#include "api/config/settings.hpp"

#include <fstream>
#include <set>

#include "api/config/clubify_url.hpp"
#include "api/config/values.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;
using namespace std::chrono_literals;

namespace {

const char* no_environment(const std::string&) {
    return nullptr;
}

SettingTexts with_data(SettingTexts texts) {
    texts["data"] = "d";
    return texts;
}

/// A file in a folder of its own that goes with it.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text) {
        std::string folder = (std::filesystem::temp_directory_path() / "vitrine-XXXXXX").string();
        REQUIRE(::mkdtemp(folder.data()) != nullptr);
        folder_ = folder;
        std::ofstream(path()) << text;
    }
    ~TemporaryFile() { std::filesystem::remove_all(folder_); }
    std::filesystem::path path() const { return folder_ / "vitrine.toml"; }

private:
    std::filesystem::path folder_;
};

}  // namespace

TEST_CASE("a flag goes before the environment, that before the file, that before the default") {
    const auto environment = [](const std::string& name) -> const char* {
        return name == "VITRINE_CLUBIFY_SETTLE" ? "2s" : nullptr;
    };
    const SettingTexts file{{"clubify.settle", "3s"}};
    const auto settle = [](const auto& config) { return config.value().clubify_settle; };
    CHECK(settle(make_config(with_data({{"clubify.settle", "1s"}}), environment, file)) == 1s);
    CHECK(settle(make_config(with_data({}), environment, file)) == 2s);
    CHECK(settle(make_config(with_data({}), no_environment, file)) == 3s);
    CHECK(settle(make_config(with_data({}), no_environment, {})) == 30s);
}

TEST_CASE("a bad value is a fault that says where it came from") {
    const auto fault = [](const auto& config) { return config.error(); };
    CHECK(fault(make_config(with_data({{"clubify.settle", "soon"}}), no_environment, {}))
              .starts_with("--clubify-settle: \"soon\""));
    const auto environment = [](const std::string& name) -> const char* {
        return name == "VITRINE_LISTEN" ? "nowhere" : nullptr;
    };
    CHECK(fault(make_config(with_data({}), environment, {})).starts_with("VITRINE_LISTEN: "));
    CHECK(fault(make_config(with_data({}), no_environment, {{"io.threads", "0"}}))
              .starts_with("\"io.threads\" in the configuration file: "));
    CHECK(
        fault(make_config(with_data({{"io.threads", "257"}}), no_environment, {})) ==
        "--io-threads: \"257\" is no number from 1 to 256"
    );
    CHECK(fault(make_config({}, no_environment, {})) == "--data is required");
}

TEST_CASE("a test clock begins at a time, or now") {
    const auto config = [](const char* text) {
        return make_config(with_data({{"test_clock", text}}), no_environment, {});
    };
    CHECK_FALSE(make_config(with_data({}), no_environment, {}).value().test_clock);
    CHECK_FALSE(config("now").value().test_clock.value().start);
    CHECK(
        config("2026-03-01T12:00:00Z").value().test_clock.value().start ==
        parse_time("2026-03-01T12:00:00Z")
    );
    for (const auto* bad : {"", "tomorrow", "2026-03-01", "12:00", "true"}) {
        CAPTURE(bad);
        CHECK(
            config(bad).error() == "--test-clock: \"" + std::string(bad) +
                                       "\" is neither now nor a time such as 2026-03-01T12:00:00Z"
        );
    }
}

TEST_CASE("every setting has a key, a flag and a variable of its own") {
    std::set<std::string> names;
    for (const auto& setting : settings()) {
        CHECK(setting.flag.starts_with("--"));
        CHECK(names.insert(std::string(setting.key)).second);
        CHECK(names.insert(std::string(setting.flag)).second);
        CHECK(names.insert(setting.variable()).second);
    }
}

TEST_CASE("plain http is for this machine only, unless it is allowed") {
    const auto config = [](const char* url, bool allowed) {
        auto flags = with_data({{"clubify.url", url}});
        if (allowed) flags["clubify.allow_insecure"] = "true";
        return make_config(flags, no_environment, {}).has_value();
    };
    CHECK(config("http://127.0.0.1:9090", false));
    CHECK(config("http://localhost:9090", false));
    CHECK(config("http://[::1]:9090", false));
    CHECK_FALSE(config("http://192.0.2.1", false));
    CHECK_FALSE(config("http://localhost.example.com", false));
    CHECK(config("http://192.0.2.1", true));
    CHECK(config("https://192.0.2.1", false));
}

TEST_CASE("the platform's base URL ends in /api/v1, once") {
    const auto url = [](const char* text) { return platform_url(text).value().str(); };
    CHECK(url("https://example.com") == "https://example.com/api/v1");
    CHECK(url("https://example.com/") == "https://example.com/api/v1");
    CHECK(url("https://example.com/api/v1/") == "https://example.com/api/v1");
    CHECK(url("http://localhost:9090/x") == "http://localhost:9090/x/api/v1");
    CHECK_FALSE(platform_url("example.com"));
    CHECK_FALSE(platform_url("ftp://example.com"));
}

TEST_CASE("a settings file gives its values by dotted key") {
    const TemporaryFile file(
        "listen = \"[::1]:1\"\nio.threads = 3\n[clubify]\nallow_insecure = true\n"
    );
    const auto texts = read_settings_file(file.path());
    REQUIRE(texts);
    CHECK(
        *texts ==
        SettingTexts{{"listen", "[::1]:1"}, {"io.threads", "3"}, {"clubify.allow_insecure", "true"}}
    );
}

TEST_CASE("an unknown key of a settings file is a fault that names one alike") {
    const TemporaryFile file("[clubify]\nsetle = \"1s\"\n");
    const auto texts = read_settings_file(file.path());
    REQUIRE_FALSE(texts);
    CHECK(texts.error().find("\"clubify.setle\"") != std::string::npos);
    CHECK(texts.error().find("\"clubify.settle\"") != std::string::npos);
}

TEST_CASE("a variable that only looks like a setting is a fault that names the nearest") {
    const auto fault_of = [](std::vector<std::string> names) { return unknown_variable(names); };
    CHECK(
        fault_of({"PATH", "VITRINE_LISTN"}) ==
        "there is no setting VITRINE_LISTN in the environment; the nearest is VITRINE_LISTEN"
    );
    CHECK(fault_of({"VITRINE_MASTER_KEY_FIL"})->ends_with(" VITRINE_MASTER_KEY_FILE"));
    CHECK_FALSE(fault_of({"VITRINE", "VITRINES_LISTN", "NO_VITRINE_LISTN", ""}));
    std::vector<std::string> known{"VITRINE_CONFIG", "VITRINE_MASTER_KEY"};
    for (const auto& setting : settings()) known.push_back(setting.variable());
    CHECK_FALSE(unknown_variable(known));
}

TEST_CASE("a limit or time limit of the server that lets nothing in is a fault") {
    const auto accepts = [](const char* key, const char* text) {
        return make_config(with_data({{key, text}}), no_environment, {}).has_value();
    };
    for (const auto* limit : {"http.header_limit", "http.body_limit"}) {
        CAPTURE(limit);
        CHECK(accepts(limit, "1KiB"));
        CHECK(accepts(limit, "64MiB"));
        CHECK_FALSE(accepts(limit, "0"));
        CHECK_FALSE(accepts(limit, "1GiB"));
    }
    for (const auto* timeout :
         {"http.header_timeout",
          "http.body_timeout",
          "http.idle_timeout",
          "http.write_timeout",
          "tls.handshake_timeout"}) {
        CAPTURE(timeout);
        CHECK(accepts(timeout, "1ms"));
        CHECK_FALSE(accepts(timeout, "0s"));
    }
}

TEST_CASE("a settings file that is no TOML, or not there, is a fault of one line") {
    const TemporaryFile file("listen = \n");
    const auto broken = read_settings_file(file.path());
    REQUIRE_FALSE(broken);
    CHECK(broken.error().find('\n') == std::string::npos);
    CHECK_FALSE(read_settings_file(file.path().string() + ".absent"));
}

TEST_CASE("times, sizes and addresses are read with their units") {
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("30s") == 30s);
    CHECK(parse_duration("5m") == 5min);
    CHECK(parse_duration("1h") == 1h);
    for (const auto* bad :
         {"", "5", "s", "-1s", "1.5s", "1 s", "99999999999999999999s", "9223372036854775807h"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_duration(bad));
    }
    CHECK(parse_advance("30s") == 30s);
    CHECK(parse_advance("15m") == 15min);
    CHECK(parse_advance("2h") == 2h);
    CHECK(parse_advance("3d") == 72h);
    CHECK(parse_advance("1w") == 168h);
    for (const auto* bad :
         {"", "0s", "3", "d", "-1d", "1.5d", "1 d", "250ms", "366000d", "99999999999999999999d"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_advance(bad));
    }
    CHECK(parse_size("65536") == 65536);
    CHECK(parse_size("64MiB") == 64u * 1024 * 1024);
    CHECK_FALSE(parse_size("64MB"));
    CHECK(parse_listen_address("127.0.0.1:8080") == ListenAddress{"127.0.0.1", 8080});
    CHECK(parse_listen_address("[::1]:0") == ListenAddress{"::1", 0});
    CHECK(parse_listen_address("localhost:1") == ListenAddress{"127.0.0.1", 1});
    for (const auto* bad :
         {"", "8080", ":8080", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "example.com:80"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_listen_address(bad));
    }
}

TEST_CASE("the default that is told is the one that is used") {
    const auto defaults = make_config(with_data({}), no_environment, {}).value();
    SettingTexts told;
    for (const auto& setting : settings()) {
        if (!setting.otherwise.empty()) told.emplace(setting.key, setting.otherwise);
    }
    const auto config = make_config(with_data(told), no_environment, {}).value();
    CHECK(config.address == defaults.address);
    CHECK(config.port == defaults.port);
    CHECK(config.allow_insecure_clubify == defaults.allow_insecure_clubify);
    CHECK(config.allow_private_webhooks == defaults.allow_private_webhooks);
    CHECK(config.webhooks_deadline == defaults.webhooks_deadline);
    CHECK(config.clubify_settle == defaults.clubify_settle);
    CHECK(config.clubify_calls_per_tenant == defaults.clubify_calls_per_tenant);
    CHECK(config.command_deadline == defaults.command_deadline);
    CHECK(config.command_turn_wait == defaults.command_turn_wait);
    CHECK(config.live_deadline == defaults.live_deadline);
    CHECK(config.live_fresh == defaults.live_fresh);
    CHECK(config.disk_reserve == defaults.disk_reserve);
    CHECK(config.queue_limit == defaults.queue_limit);
    CHECK(config.connection_limit == defaults.connection_limit);
    CHECK(config.header_limit == defaults.header_limit);
    CHECK(config.body_limit == defaults.body_limit);
    CHECK(config.header_timeout == defaults.header_timeout);
    CHECK(config.body_timeout == defaults.body_timeout);
    CHECK(config.idle_timeout == defaults.idle_timeout);
    CHECK(config.write_timeout == defaults.write_timeout);
    CHECK(config.tls_handshake_timeout == defaults.tls_handshake_timeout);
    CHECK(config.ready_lag_events == defaults.ready_lag_events);
    CHECK(config.ready_lag_time == defaults.ready_lag_time);
    CHECK(config.log_level == defaults.log_level);
}

TEST_CASE("what is in force says where it came from") {
    const auto environment = [](const std::string& name) -> const char* {
        return name == "VITRINE_QUEUE_LIMIT" ? "7" : nullptr;
    };
    const SettingTexts file{{"queue.limit", "9"}, {"live.fresh", "1s"}};
    std::map<std::string_view, std::string> found;
    for (const auto& setting : settings_in_force({{"listen", "[::1]:1"}}, environment, file))
        found[setting.key] = setting.text + " " + setting.from;
    CHECK(found.size() == settings().size());
    CHECK(found["listen"] == "[::1]:1 --listen");
    CHECK(found["queue.limit"] == "7 VITRINE_QUEUE_LIMIT");
    CHECK(found["live.fresh"] == "1s \"live.fresh\" in the configuration file");
    CHECK(found["log.level"] == "info default");
}
