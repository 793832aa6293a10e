#include "sandbox/options.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;

namespace {

std::expected<Options, Ending> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "clubify-sandbox");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("without flags the sandbox listens on 127.0.0.1:9090, in memory, without limit") {
    const auto options = parse({});
    REQUIRE(options);
    CHECK(options->address == "127.0.0.1");
    CHECK(options->port == 9090);
    CHECK(options->state_file.empty());
    CHECK(options->zone == "America/Sao_Paulo");
    CHECK_FALSE(options->clock);
    CHECK_FALSE(options->seed);
    CHECK_FALSE(options->rate_rule);
    CHECK_FALSE(options->strict);
    CHECK_FALSE(options->idempotency);
}

TEST_CASE("every flag is read") {
    const auto options = parse(
        {"--listen",
         "[::1]:0",
         "--state",
         "s",
         "--orders",
         "o",
         "--clock",
         "2011-04-01T03:00:00Z",
         "--zone",
         "UTC",
         "--rng",
         "18446744073709551615",
         "--rate-limit",
         "10/60",
         "--faults",
         "f",
         "--strict",
         "--idempotency"}
    );
    REQUIRE(options);
    CHECK(options->address == "::1");
    CHECK(options->port == 0);
    CHECK(options->state_file == "s");
    CHECK(options->orders_file == "o");
    CHECK(options->faults_file == "f");
    CHECK(options->clock == parse_time("2011-04-01T03:00:00Z"));
    CHECK(options->zone == "UTC");
    CHECK(options->seed == 18446744073709551615U);
    CHECK(options->rate_rule->requests == 10);
    CHECK(options->rate_rule->window == std::chrono::seconds(60));
    CHECK(options->strict);
    CHECK(options->idempotency);
}

TEST_CASE("wrong usage is one line and 2, help is 0") {
    const std::vector<std::vector<const char*>> wrong{
        {"--nothing"},
        {"stray"},
        {"--listen"},
        {"--listen", "9090"},
        {"--listen", "127.0.0.1:70000"},
        {"--listen", "127.0.0.1:"},
        {"--clock", "today"},
        {"--zone", "Mars/Olympus"},
        {"--rng", "x"},
        {"--rng", "-1"},
        {"--rate-limit", "10"},
        {"--state", "--strict"},
        {"--orders", "--faults", "f"},
        {"--zone", "--strict"},
        {"stray", "--help"},
        {"--nothing", "--help"}
    };
    for (const auto& arguments : wrong) {
        const auto options = parse(arguments);
        INFO(arguments.front());
        REQUIRE_FALSE(options);
        CHECK(options.error().code == 2);
        CHECK_FALSE(options.error().text.empty());
        CHECK(options.error().text.find('\n') == std::string::npos);
    }
    const auto help = parse({"--help"});
    REQUIRE_FALSE(help);
    CHECK(help.error().code == 0);
    CHECK_THAT(help.error().text, Catch::Contains("--rate-limit"));
}
