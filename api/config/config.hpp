#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "api/http/key_limits.hpp"
#include "core/time.hpp"
#include "net/client.hpp"

namespace vitrine::api {

/// A time that stands until it is moved.
struct TestClock {
    std::optional<Timestamp> start;  // none: the machine's, or that of the log if it is later
};

/// How `vitrine serve` runs.
struct Config {
    std::filesystem::path data;
    std::filesystem::path master_key_file;  // empty: DIR/master.key
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;              // 0: any free one
    std::size_t io_threads = 0;             // 0: by the number of processors
    std::filesystem::path tls_certificate;  // empty: plain HTTP
    std::filesystem::path tls_key;
    std::chrono::milliseconds tls_handshake_timeout{10'000};

    std::size_t connection_limit = 20'000;
    std::uint64_t header_limit = 16ull * 1024;
    std::uint64_t body_limit = 1024ull * 1024;
    std::chrono::milliseconds header_timeout{10'000};  // for a header to arrive whole
    std::chrono::milliseconds body_timeout{30'000};    // for a body to arrive whole
    std::chrono::milliseconds idle_timeout{75'000};    // between requests
    std::chrono::milliseconds write_timeout{30'000};   // for an answer, or a part of a stream

    std::optional<TestClock> test_clock;  // instead of the machine's time
    std::string log_level = "info";
    std::vector<std::string> cors_origins;  // that may call from a browser; "*": all
    std::optional<KeyLimit> key_limit;      // of requests

    std::optional<net::BaseUrl> clubify_url;  // instead of the tenants' environments
    std::optional<net::BaseUrl> pagarme_url;  // instead of Pagar.me's own
    bool allow_insecure_clubify = false;
    std::chrono::milliseconds clubify_settle{30'000};
    // How long what contracts need of a person is kept after an erasure, and what is of nobody who
    // is known.
    std::chrono::milliseconds people_contract_hold{0};
    std::chrono::milliseconds people_unknown_retention{std::chrono::days(180)};
    std::size_t clubify_calls_per_tenant = 1024;

    bool allow_private_webhooks = false;
    std::chrono::milliseconds webhooks_deadline{15'000};  // of an attempt

    std::chrono::milliseconds command_deadline{10'000};
    std::chrono::milliseconds command_turn_wait{2'000};
    std::chrono::milliseconds live_deadline{2'000};
    std::chrono::milliseconds live_fresh{5'000};
    std::uint64_t disk_reserve = 64ull * 1024 * 1024;
    std::size_t queue_limit = 8192;

    // A read model further behind than both is not ready.
    std::uint64_t ready_lag_events = 10'000;
    std::chrono::milliseconds ready_lag_time{10'000};
};

}  // namespace vitrine::api
