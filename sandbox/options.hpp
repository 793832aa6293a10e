#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "core/period.hpp"
#include "sandbox/rate_limit.hpp"
#include "sandbox/webhook_sender.hpp"

namespace vitrine::sandbox {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 9090;
    std::string state_file;   // empty: in memory
    std::string orders_file;  // empty: none
    std::string faults_file;  // empty: none
    std::optional<Timestamp> clock;
    std::string zone = "America/Sao_Paulo";
    std::optional<std::uint64_t> seed;
    std::optional<RateRule> rate_rule;
    bool strict = false;
    bool idempotency = false;
    WebhookOptions webhooks{};
};

/// The program is to end without serving: `text` on stdout for 0, as one line on stderr otherwise.
struct Ending {
    int code = 0;
    std::string text;
};

std::expected<Options, Ending> parse_options(int count, const char* const* arguments);

}  // namespace vitrine::sandbox
