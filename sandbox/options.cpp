#include "sandbox/options.hpp"

#include <CLI/CLI.hpp>

#include "sandbox/option_texts.hpp"

namespace vitrine::sandbox {

std::expected<Options, Ending> parse_options(int count, const char* const* arguments) {
    Options options;
    std::string listen = "127.0.0.1:9090";
    std::string clock;
    std::string rate;
    std::string seed;

    CLI::App app("A stand-in for the Clubify platform. Control plane: /_sandbox");
    app.name("clubify-sandbox");
    app.add_option("--listen", listen, "ADDRESS:PORT; port 0 takes any free one")
        ->capture_default_str();
    app.add_option("--state", options.state_file, "keep what is stored in this file");
    app.add_option("--orders", options.orders_file, "CSV of order lines, of which stats are made");
    app.add_option("--clock", clock, "stand still at this time (RFC 3339) until it is moved");
    app.add_option("--zone", options.zone, "time zone of periods and days")->capture_default_str();
    app.add_option("--rng", seed, "decides ids and the rolls of faults");
    app.add_option("--rate-limit", rate, "N/SECONDS requests of each tenant; else none");
    app.add_option("--faults", options.faults_file, "JSON as for POST /_sandbox/faults");
    app.add_flag("--strict", options.strict, "take attested names and routes only");
    app.add_flag("--idempotency", options.idempotency, "replay answers by Idempotency-Key");
    app.add_option("--webhook-speed", options.webhooks.speed)
        ->description("the pauses between attempts at a delivery are divided by this")
        ->check(CLI::PositiveNumber);
    app.add_flag("--webhook-sdk-key", options.webhooks.sdk_key)
        ->description("sign with the key that the platform's own receiver makes of a secret");
    for (auto* option : app.get_options()) {
        if (option->get_items_expected_min() > 0) option->check(no_option());
    }
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp&) {
        if (const auto left = app.remaining(); !left.empty())
            return std::unexpected(Ending{2, one_line("unknown: " + left.front())});
        return std::unexpected(Ending{0, app.help()});
    } catch (const CLI::ParseError& error) {
        return std::unexpected(Ending{2, one_line(error.what())});
    }

    const auto wrong = [](std::string text) { return std::unexpected(Ending{2, std::move(text)}); };
    if (!take_listen(listen, options.address, options.port))
        return wrong("--listen must be ADDRESS:PORT");
    if (!clock.empty()) {
        options.clock = parse_time(clock);
        if (!options.clock) return wrong("--clock must be a time as 2011-04-01T03:00:00Z");
    }
    if (!rate.empty()) {
        options.rate_rule = parse_rate_rule(rate);
        if (!options.rate_rule) return wrong("--rate-limit must be N/SECONDS, each 1 or more");
    }
    if (!Zone::find(options.zone)) return wrong("--zone is not a time zone: " + options.zone);
    if (!seed.empty()) {
        options.seed = whole_number(seed);
        if (!options.seed) return wrong("--rng must be a whole number");
    }
    return options;
}

}  // namespace vitrine::sandbox
