#include "sandbox/peers/options.hpp"

#include <CLI/CLI.hpp>
#include <random>

#include "sandbox/option_texts.hpp"
#include "sandbox/webhook_target.hpp"

namespace vitrine::sandbox::peers {

std::expected<Options, Ending> parse_options(int count, const char* const* arguments) {
    Options options;
    auto& pagarme = options.pagarme;
    std::string listen = "127.0.0.1:9091";
    std::string clock, seed, user;

    CLI::App app("Stand-ins of others' systems. Control plane: /_sandbox");
    app.name("peer-sandbox");
    app.add_option("--profile", options.profile, "whose: pagarme")
        ->required()
        ->check(CLI::IsMember({"pagarme"}));
    app.add_option("--listen", listen, "ADDRESS:PORT; port 0 takes any free one")
        ->capture_default_str();
    app.add_option("--secret-key", pagarme.secret_key, "the one it takes; else any sk_…");
    app.add_option("--hooks", pagarme.hooks.url, "tell what happens to this URL");
    app.add_option("--hooks-user", user, "USER:PASSWORD of the hooks' Basic authentication");
    app.add_option("--clock", clock, "stand still at this time (RFC 3339) until it is moved");
    app.add_option("--rng", seed, "decides ids and the rolls of faults");
    for (auto* option : app.get_options())
        if (option->get_items_expected_min() > 0) option->check(no_option());
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp&) {
        return std::unexpected(Ending{0, app.help()});
    } catch (const CLI::ParseError& error) {
        return std::unexpected(Ending{2, one_line(error.what())});
    }

    const auto wrong = [](std::string text) { return std::unexpected(Ending{2, std::move(text)}); };
    if (!take_listen(listen, options.address, options.port))
        return wrong("--listen must be ADDRESS:PORT");
    if (!clock.empty()) {
        pagarme.clock = parse_time(clock);
        if (!pagarme.clock) return wrong("--clock must be a time as 2011-04-01T03:00:00Z");
    }
    if (!pagarme.hooks.url.empty() && !may_deliver_to(pagarme.hooks.url))
        return wrong("--hooks must be an https URL, or an http one of this machine");
    if (!user.empty()) {
        const auto colon = user.find(':');
        if (colon == std::string::npos) return wrong("--hooks-user must be USER:PASSWORD");
        pagarme.hooks.user = user.substr(0, colon);
        pagarme.hooks.password = user.substr(colon + 1);
    }
    if (seed.empty()) {
        std::random_device device;
        pagarme.seed = (std::uint64_t{device()} << 32) | device();
        return options;
    }
    const auto number = whole_number(seed);
    if (!number) return wrong("--rng must be a whole number");
    pagarme.seed = *number;
    return options;
}

}  // namespace vitrine::sandbox::peers
