#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/ask.hpp"
#include "api/cli/print.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/usage.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

struct DeliveryOptions {
    DataOptions where;
    std::string tenant, receiver, event, confirm;
    std::string state = "dead";
    std::size_t limit = 100;
    Position from = 0;
    std::optional<Position> to;
    bool all = false, json = false;
};

Json named(const DeliveryOptions& options) {
    Json arguments;
    arguments["tenant"] = options.tenant;
    arguments["receiver"] = options.receiver;
    arguments["event"] = options.event;
    return arguments;
}

int list(const DeliveryOptions& options) {
    if (!options.receiver.empty() && options.tenant.empty())
        throw UsageError("--tenant says whose receiver it is");
    require_log(options.where.data);
    auto arguments = named(options);
    arguments["state"] = options.state;
    arguments["limit"] = options.limit;
    const auto rows = ask(options.where, "delivery list", arguments);
    if (options.receiver.empty()) {
        print_rows(
            rows,
            {"tenant", "kind", "id", "position", "lag", "pending", "dead", "oldest", "paused"},
            options.json
        );
    } else {
        print_rows(
            rows,
            {"position", "event_id", "type", "state", "attempts", "attempted_at", "due", "detail"},
            options.json
        );
    }
    return 0;
}

/// One event, or all dead letters: not both, and not neither.
void require_one(const DeliveryOptions& options) {
    if (options.all == options.event.empty()) return;
    throw UsageError("name the EVENT, or say --all for all dead letters of the receiver");
}

std::string events_text(const Json& count) {
    return count.dump() + (count == 1 ? " event" : " events");
}

int retry(const DeliveryOptions& options) {
    require_one(options);
    require_log(options.where.data);
    const auto done = ask(options.where, "delivery retry", named(options));
    print_done(done, events_text(done.at("retried")) + " are sent again");
    return 0;
}

int dismiss(const DeliveryOptions& options) {
    require_one(options);
    if (options.all && options.confirm != options.receiver) {
        throw UsageError(
            "all dead letters are given up for good: type the receiver once more, --confirm " +
            options.receiver
        );
    }
    require_log(options.where.data);
    const auto done = ask(options.where, "delivery dismiss", named(options));
    print_done(done, events_text(done.at("dismissed")) + " are given up");
    return 0;
}

int replay(const DeliveryOptions& options) {
    require_log(options.where.data);
    auto arguments = named(options);
    arguments["from"] = options.from;
    if (options.to) arguments["to"] = *options.to;
    const auto done = ask(options.where, "delivery replay", arguments);
    print_done(
        done, "sent anew: positions " + done.at("from").dump() + " to " + done.at("to").dump()
    );
    return 0;
}

int pause(const DeliveryOptions& options) {
    require_log(options.where.data);
    print_done(
        ask(options.where, "delivery pause", named(options)),
        "nothing is sent until it is resumed; what comes meanwhile waits"
    );
    return 0;
}

int resume(const DeliveryOptions& options) {
    require_log(options.where.data);
    print_done(ask(options.where, "delivery resume", named(options)), "it is sent what waited");
    return 0;
}

CLI::App* add_one(
    CLI::App& delivery,
    const char* name,
    const char* help,
    int (*run)(const DeliveryOptions&),
    Action& action,
    const std::shared_ptr<DeliveryOptions>& options
) {
    auto* command = delivery.add_subcommand(name, help);
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("RECEIVER", options->receiver, "its id, as `delivery list` names it")
        ->check(not_empty())
        ->required();
    add_tenant_option(*command, options->tenant, "whose receiver it is")->required();
    command->callback([&action, options, run] { action = [options, run] { return run(*options); }; }
    );
    return command;
}

void add_event(CLI::App& command, const std::shared_ptr<DeliveryOptions>& options) {
    command.add_option("EVENT", options->event, "the event's id")->check(not_empty());
    command.add_flag("--all", options->all, "all dead letters of the receiver");
}

void add_list(CLI::App& delivery, Action& action, const std::shared_ptr<DeliveryOptions>& options) {
    auto* command = delivery.add_subcommand(
        "list", "How each receiver stands; of one receiver, its deliveries in a state."
    );
    add_data_option(*command, options->where);
    add_master_key_option(*command, options->where);
    command->add_option("RECEIVER", options->receiver, "the deliveries of this one")
        ->check(not_empty());
    add_tenant_option(*command, options->tenant, "only of this tenant");
    command->add_option("--state", options->state, "pending, taken or dead")
        ->check(CLI::IsMember({"pending", "taken", "dead"}))
        ->capture_default_str();
    command->add_option("--limit", options->limit, "at most so many deliveries, the latest")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&action, options] { action = [options] { return list(*options); }; });
}

}  // namespace

void add_delivery(CLI::App& app, Action& action) {
    auto options = std::make_shared<DeliveryOptions>();
    auto* delivery = app.add_subcommand(
        "delivery",
        "What is carried to receivers outside, such as webhook endpoints: list, try again, give "
        "up, send anew, pause; on a running or a stopped server."
    );
    delivery->require_subcommand(1);
    add_list(*delivery, action, options);
    add_event(
        *add_one(
            *delivery,
            "retry",
            "Send a dead letter, or one that waits, now; --all: all dead letters, as many "
            "as there is room for; `dead` are those that stay.",
            retry,
            action,
            options
        ),
        options
    );
    auto* command = add_one(
        *delivery,
        "dismiss",
        "Give up a dead letter, or one that waits, for good; --all: all dead letters.",
        dismiss,
        action,
        options
    );
    add_event(*command, options);
    command->add_option("--confirm", options->confirm, "the receiver once more; --all needs it")
        ->type_name("RECEIVER");
    command = add_one(
        *delivery,
        "replay",
        "Send a range of the log anew, byte for byte; what is new waits behind it.",
        replay,
        action,
        options
    );
    command->add_option("--from", options->from, "position of the first event")
        ->type_name("POSITION")
        ->check(whole_number(1))
        ->required();
    command->add_option("--to", options->to, "position of the last; without it, all it has had")
        ->type_name("POSITION")
        ->check(whole_number(1));
    add_one(
        *delivery,
        "pause",
        "Send nothing to a receiver until it is resumed.",
        pause,
        action,
        options
    );
    add_one(*delivery, "resume", "Send to it again.", resume, action, options);
}

}  // namespace vitrine::api
