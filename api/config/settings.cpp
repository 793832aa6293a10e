#include "api/config/settings.hpp"

#include <algorithm>

#include "api/config/clubify_url.hpp"
#include "api/config/values.hpp"
#include "api/log/log.hpp"

namespace vitrine::api {
namespace {

using Fault = std::expected<void, std::string>;

Fault fault(std::string what) {
    return std::unexpected(std::move(what));
}

template <auto Member>
Fault set_time(Config& config, std::string_view text) {
    const auto value = parse_duration(text);
    if (!value) return fault("is no time such as 250ms, 30s or 5m");
    config.*Member = *value;
    return {};
}

/// Days and weeks too.
template <auto Member>
Fault set_long_time(Config& config, std::string_view text) {
    if (text == "0" || text == "0s" || text == "0d") {
        config.*Member = std::chrono::milliseconds(0);
        return {};
    }
    const auto value = parse_advance(text);
    if (!value) return fault("is no time such as 12h, 30d or 260w");
    config.*Member = *value;
    return {};
}

/// As set_time, for what would never be done in no time at all.
template <auto Member>
Fault set_timeout(Config& config, std::string_view text) {
    const auto value = parse_duration(text);
    if (!value || value->count() == 0) return fault("is no time such as 250ms, 30s or 5m");
    config.*Member = *value;
    return {};
}

template <auto Member>
Fault set_count(Config& config, std::string_view text) {
    const auto value = parse_number(text);
    if (!value || *value == 0) return fault("is no number from 1");
    config.*Member = *value;
    return {};
}

Fault set_threads(Config& config, std::string_view text) {
    constexpr std::size_t most = 256;
    const auto value = parse_number(text);
    if (!value || *value == 0 || *value > most) return fault("is no number from 1 to 256");
    config.io_threads = *value;
    return {};
}

template <auto Member>
Fault set_size(Config& config, std::string_view text) {
    const auto value = parse_size(text);
    if (!value) return fault("is no size such as 64MiB");
    config.*Member = *value;
    return {};
}

/// Of what comes in over the network, so that no typing error lets anything in, or nothing.
template <auto Member>
Fault set_message_size(Config& config, std::string_view text) {
    const auto value = parse_size(text);
    constexpr std::uint64_t least = 1024, most = 64 * 1024 * 1024;
    if (!value || *value < least || *value > most) return fault("is no size from 1KiB to 64MiB");
    config.*Member = *value;
    return {};
}

Fault set_listen(Config& config, std::string_view text) {
    auto value = parse_listen_address(text);
    if (!value) return fault("is no address and port such as 127.0.0.1:8080 or [::1]:8080");
    config.address = std::move(value->address);
    config.port = value->port;
    return {};
}

Fault set_test_clock(Config& config, std::string_view text) {
    const auto time = parse_time(text);
    if (!time && text != "now")
        return fault("is neither now nor a time such as 2026-03-01T12:00:00Z");
    config.test_clock.emplace(time);
    return {};
}

Fault set_log_level(Config& config, std::string_view text) {
    if (!log::is_level(text)) return fault("is none of debug, info, warn, error, off");
    config.log_level = text;
    return {};
}

Fault set_cors_origins(Config& config, std::string_view text) {
    auto value = parse_origins(text);
    if (!value) return fault("is no list of origins such as https://shop.example, nor *");
    config.cors_origins = *std::move(value);
    return {};
}

Fault set_key_limit(Config& config, std::string_view text) {
    const auto value = parse_key_limit(text);
    if (!value) return fault("is no limit such as 100/1s or 6000/1m");
    config.key_limit = *value;
    return {};
}

Fault set_clubify_url(Config& config, std::string_view text) {
    auto url = platform_url(text);
    if (!url) return fault("is no http or https URL");
    config.clubify_url = *std::move(url);
    return {};
}

Fault set_pagarme_url(Config& config, std::string_view text) {
    auto url = pagarme_url(text);
    if (!url) return fault("is no http or https URL");
    config.pagarme_url = *std::move(url);
    return {};
}

template <auto Member>
Fault set_flag(Config& config, std::string_view text) {
    if (text != "true" && text != "false") return fault("is neither true nor false");
    config.*Member = text == "true";
    return {};
}

template <auto Member>
Fault set_path(Config& config, std::string_view text) {
    config.*Member = text;
    return {};
}

constexpr Setting table[] = {
    {"data", "--data", "DIR", "", "the data directory", set_path<&Config::data>},
    {"listen", "--listen", "ADDRESS:PORT", "127.0.0.1:8080", "where to serve HTTP", set_listen},
    {"tls.certificate",
     "--tls-certificate",
     "FILE",
     "",
     "PEM: the certificate and those that vouch for it; plain HTTP unless told",
     set_path<&Config::tls_certificate>},
    {"tls.key",
     "--tls-key",
     "FILE",
     "",
     "PEM: the private key of the certificate",
     set_path<&Config::tls_key>},
    {"tls.handshake_timeout",
     "--tls-handshake-timeout",
     "TIME",
     "10s",
     "within which a TLS connection must be agreed on",
     set_timeout<&Config::tls_handshake_timeout>},
    {"connections.limit",
     "--connections-limit",
     "N",
     "20000",
     "open connections; further ones are closed at once",
     set_count<&Config::connection_limit>},
    {"http.header_limit",
     "--http-header-limit",
     "SIZE",
     "16KiB",
     "request line and header fields; 431 beyond",
     set_message_size<&Config::header_limit>},
    {"http.body_limit",
     "--http-body-limit",
     "SIZE",
     "1MiB",
     "body of a request; 413 beyond",
     set_message_size<&Config::body_limit>},
    {"http.header_timeout",
     "--http-header-timeout",
     "TIME",
     "10s",
     "within which a request's header must have come, from its first byte on",
     set_timeout<&Config::header_timeout>},
    {"http.body_timeout",
     "--http-body-timeout",
     "TIME",
     "30s",
     "within which a request's body must have come, from its header on",
     set_timeout<&Config::body_timeout>},
    {"http.idle_timeout",
     "--http-idle-timeout",
     "TIME",
     "75s",
     "after which a connection without a request is closed",
     set_timeout<&Config::idle_timeout>},
    {"http.write_timeout",
     "--http-write-timeout",
     "TIME",
     "30s",
     "within which a client must have taken an answer, or a part of a stream",
     set_timeout<&Config::write_timeout>},
    {"clubify.url",
     "--clubify-url",
     "URL",
     "",
     "base URL of the platform, instead of the one of each tenant's environment",
     set_clubify_url},
    {"pagarme.url",
     "--pagarme-url",
     "URL",
     "",
     "base URL of Pagar.me, instead of its own",
     set_pagarme_url},
    {"clubify.allow_insecure",
     "--allow-insecure-clubify",
     "",
     "false",
     "allow http:// to another machine, for the platform and Pagar.me",
     set_flag<&Config::allow_insecure_clubify>},
    {"clubify.settle",
     "--clubify-settle",
     "TIME",
     "30s",
     "how long what was made may still appear there after a call of unknown outcome",
     set_time<&Config::clubify_settle>},
    {"people.contract_hold",
     "--people-contract-hold",
     "TIME",
     "0s",
     "how long what contracts and the law need of a person is kept after an erasure: 1825d",
     set_long_time<&Config::people_contract_hold>},
    {"people.unknown_retention",
     "--people-unknown-retention",
     "TIME",
     "180d",
     "how long after its month what names people who are not known stays readable, as the bodies "
     "of webhooks",
     set_long_time<&Config::people_unknown_retention>},
    {"clubify.calls_per_tenant",
     "--clubify-calls-per-tenant",
     "N",
     "1024",
     "calls to the platform at once, for each tenant",
     set_count<&Config::clubify_calls_per_tenant>},
    {"webhooks.allow_private",
     "--allow-private-webhooks",
     "",
     "false",
     "allow webhooks to be sent to this machine and to private addresses",
     set_flag<&Config::allow_private_webhooks>},
    {"webhooks.deadline",
     "--webhooks-deadline",
     "TIME",
     "15s",
     "within which a receiver must have answered a webhook",
     set_timeout<&Config::webhooks_deadline>},
    {"command.deadline",
     "--command-deadline",
     "TIME",
     "10s",
     "after which a running command is answered with 202",
     set_time<&Config::command_deadline>},
    {"command.turn_wait",
     "--command-turn-wait",
     "TIME",
     "2s",
     "how long a command waits for another on the same stream",
     set_time<&Config::command_turn_wait>},
    {"live.deadline",
     "--live-deadline",
     "TIME",
     "2s",
     "how long a query waits for live metrics",
     set_time<&Config::live_deadline>},
    {"live.fresh",
     "--live-fresh",
     "TIME",
     "5s",
     "how long live metrics are used again",
     set_time<&Config::live_fresh>},
    {"disk.reserve",
     "--disk-reserve",
     "SIZE",
     "64MiB",
     "free space below which commands are refused",
     set_size<&Config::disk_reserve>},
    {"queue.limit",
     "--queue-limit",
     "N",
     "8192",
     "appends that may wait for the log's writer",
     set_count<&Config::queue_limit>},
    {"ready.lag_events",
     "--ready-lag-events",
     "N",
     "10000",
     "a read model that is more events than this behind, and longer than ready.lag_time, is not "
     "ready",
     set_count<&Config::ready_lag_events>},
    {"ready.lag_time",
     "--ready-lag-time",
     "TIME",
     "10s",
     "see ready.lag_events",
     set_time<&Config::ready_lag_time>},
    {"cors.origins",
     "--cors-origins",
     "ORIGINS",
     "",
     "comma list of origins whose pages may call, or *; none unless told",
     set_cors_origins},
    {"keys.limit",
     "--keys-limit",
     "N/TIME",
     "",
     "requests that each API key has in such a time; no limit unless told",
     set_key_limit},
    {"io.threads",
     "--io-threads",
     "N",
     "",
     "threads that serve HTTP; by the number of processors unless told",
     set_threads},
    {"test_clock",
     "--test-clock",
     "[TIME]",
     "",
     "for tests and demonstrations: time stands at TIME, or now, and moves only by `vitrine clock`",
     set_test_clock},
    {"log.level", "--log-level", "LEVEL", "info", "debug, info, warn, error or off", set_log_level},
    {"master_key_file",
     "--master-key-file",
     "FILE",
     "",
     "the key that seals secrets; DIR/master.key unless told",
     set_path<&Config::master_key_file>},
};

/// The first text for a setting, with where it came from.
struct Given {
    std::string text;
    std::string from;
};

std::optional<Given> given(
    const Setting& setting,
    const SettingTexts& flags,
    const std::function<const char*(const std::string&)>& environment,
    const SettingTexts& file
) {
    if (const auto flag = flags.find(setting.key); flag != flags.end()) {
        return Given{flag->second, std::string(setting.flag)};
    }
    const auto variable = setting.variable();
    if (const char* text = environment(variable)) return Given{text, variable};
    if (const auto entry = file.find(setting.key); entry != file.end()) {
        return Given{entry->second, "\"" + entry->first + "\" in the configuration file"};
    }
    return std::nullopt;
}

}  // namespace

std::vector<SettingInForce> settings_in_force(
    const SettingTexts& flags,
    const std::function<const char*(const std::string&)>& environment,
    const SettingTexts& file
) {
    std::vector<SettingInForce> all;
    for (const auto& setting : table) {
        auto value = given(setting, flags, environment, file);
        if (!value) value = Given{std::string(setting.otherwise), "default"};
        all.push_back({setting.key, std::move(value->text), std::move(value->from)});
    }
    return all;
}

std::span<const Setting> settings() {
    return table;
}

std::string Setting::variable() const {
    std::string name = "VITRINE_";
    for (const char c : flag.substr(2)) {
        name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return name;
}

std::expected<Config, std::string> make_config(
    const SettingTexts& flags,
    const std::function<const char*(const std::string&)>& environment,
    const SettingTexts& file
) {
    Config config;
    for (const auto& setting : table) {
        const auto value = given(setting, flags, environment, file);
        if (!value) continue;
        if (const auto set = setting.set(config, value->text); !set) {
            return std::unexpected(value->from + ": \"" + value->text + "\" " + set.error());
        }
    }
    if (config.data.empty()) return std::unexpected("--data is required");
    if (config.tls_certificate.empty() != config.tls_key.empty())
        return std::unexpected("--tls-certificate and --tls-key go together");
    const auto is_insecure = [&config](const std::optional<net::BaseUrl>& url) {
        return url && !url->tls && !url->loopback() && !config.allow_insecure_clubify;
    };
    for (const auto& [flag, url] :
         {std::pair("--clubify-url", config.clubify_url),
          std::pair("--pagarme-url", config.pagarme_url)}) {
        if (!is_insecure(url)) continue;
        return std::unexpected(
            std::string(flag) +
            ": http:// is for this machine only; give --allow-insecure-clubify to allow it"
        );
    }
    return config;
}

}  // namespace vitrine::api
