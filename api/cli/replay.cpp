#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <thread>

#include "api/cli/ask.hpp"
#include "api/cli/event_text.hpp"
#include "api/cli/replay_filter.hpp"
#include "api/cli/stream_state.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/transfer.hpp"
#include "api/cli/usage.hpp"
#include "api/control/interrupt.hpp"
#include "api/keys/open_log.hpp"
#include "core/standard_streams.hpp"
#include "events/cloud_event.hpp"
#include "store/log_marks.hpp"
#include "store/open_store.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t page = 1000;

/// Prints events until the last wanted one, or until nobody reads any more.
class Printer {
public:
    /// `wanted`: what `events` must match besides.
    Printer(const ReplayOptions& options, store::Filter wanted)
        : to_(options.to), json_(options.json), wanted_(std::move(wanted)) {}

    /// False: enough.
    bool print(const std::vector<events::RecordedEvent>& events) {
        for (const auto& event : events) {
            if (event.position > to_) return false;
            if (!wanted_.matches(event)) continue;
            auto line = json_ ? events::to_cloud_event(event) : event_line(event);
            line += '\n';
            if (!(std::cout << line)) return false;
        }
        return true;
    }

private:
    Position to_;
    bool json_;
    store::Filter wanted_;
};

/// From the log as it is now; the position up to which it was looked at, nullopt: no more is
/// wanted.
std::optional<Position> print_present(
    store::EventStore& store,
    const ReplayOptions& options,
    const store::Filter& filter,
    Printer& printer
) {
    const auto head = store.head();
    auto from = std::max<Position>(options.from, 1);
    while (from <= head && from <= options.to) {
        const auto events = store.read_all(from, filter, page, store::Direction::forwards);
        if (!printer.print(events)) return std::nullopt;
        if (events.size() < page) {
            from = std::max(head, events.empty() ? 0 : events.back().position) + 1;
            break;
        }
        from = events.back().position + 1;
    }
    if (!flush_output() || from > options.to) return std::nullopt;
    return from - 1;
}

/// False: it is of no interest any more.
bool wait_for_reader_to_leave(const std::stop_token& stop) {
    constexpr int pause_ms = 200;
    while (!stop.stop_requested()) {
        pollfd output{STDOUT_FILENO, 0, 0};
        if (::poll(&output, 1, pause_ms) > 0 && (output.revents & POLLERR) != 0) return true;
    }
    return false;
}

void follow(
    store::EventStore& store, Position after, const store::Filter& filter, Printer& printer
) {
    const auto subscription = store.subscribe(after, filter);
    const OnInterrupt interrupt([&subscription] { subscription->close(); });
    const std::jthread reader([&subscription](const std::stop_token& stop) {
        if (wait_for_reader_to_leave(stop)) subscription->close();
    });
    while (true) {
        const auto events = subscription->next(page);
        if (events.empty() || !printer.print(events) || !flush_output()) return;
    }
}

/// The tenant that is named, or else the only one that has the stream.
TenantId tenant_of_stream(
    store::EventStore& store, const ReplayOptions& options, const StreamName& stream
) {
    if (!options.tenant.empty()) return TenantId(options.tenant);
    store::Filter filter;
    filter.stream = stream;
    const auto first = store.read_all(1, filter, 1, store::Direction::forwards);
    const auto last = store.read_all(0, filter, 1, store::Direction::backwards);
    if (first.empty()) return TenantId();
    if (first.front().tenant != last.front().tenant) {
        throw UsageError("several tenants have this stream: name one with --tenant");
    }
    return first.front().tenant;
}

int print_state(
    store::EventStore& store, const ReplayOptions& options, const std::optional<Timestamp>& at
) {
    const StreamName stream(options.state);
    std::optional<Version> version;
    if (options.at_version != 0) version = options.at_version;
    const auto tenant = tenant_of_stream(store, options, stream);
    const auto state =
        tenant.empty() ? std::nullopt : stream_state(store, tenant, stream, version, at);
    if (!state)
        throw std::runtime_error(
            "there is no " + options.state + (version || at ? " as of then" : "")
        );
    std::cout << *state << '\n';
    return 0;
}

/// In the log, before anything is shown.
void note_people_shown(const ReplayOptions& options) {
    nlohmann::ordered_json arguments;
    arguments["tenant"] = options.tenant;
    ask(options.where, "people show", arguments);
}

int replay(const ReplayOptions& options) {
    const auto wanted = filter_of(options);
    const auto at = time_of("--at", options.at);
    require_log(options.where.data);
    if (options.people) note_people_shown(options);
    const auto store = open_log_read_only(
        options.where.data,
        options.where.master_key_file,
        options.people ? store::PeopleView::open : store::PeopleView::shown
    );
    require_known(*store, options.where.data, wanted);
    if (!options.state.empty()) return print_state(*store, options, at);
    auto filter = wanted;
    // Times that go back cannot be looked up by halving: every event is looked at.
    if (store::log_marks(options.where.data).times_go_back) filter.since = filter.until = {};
    Printer printer(options, wanted);
    const auto after = print_present(*store, options, filter, printer);
    if (options.follow && after) follow(*store, *after, filter, printer);
    return 0;
}

/// An option of replay that export or import would leave out of account.
void refuse_options_before(
    const CLI::App& replay, const CLI::App& chosen, const CLI::Option& data
) {
    for (const auto* option : replay.get_options()) {
        if (option == &data || option->empty()) continue;
        throw CLI::ValidationError(
            option->get_name(), "is not for " + chosen.get_name() + ", or stands after it"
        );
    }
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
    auto options = std::make_shared<ReplayOptions>();
    auto* command = app.add_subcommand(
        "replay",
        "Print the log, or the state that a stream's events fold into; export and import it."
    );
    // Not required by the parser: export and import have their own.
    auto* data = add_data_option(*command, options->where)->required(false);
    command->add_option("--from", options->from, "first position")
        ->type_name("POSITION")
        ->check(whole_number(0));
    command->add_option("--to", options->to, "last position")
        ->type_name("POSITION")
        ->check(whole_number(0));
    add_tenant_option(*command, options->tenant, "only of this tenant");
    command->add_option("--stream", options->stream, "only of this stream: offer-<id>")
        ->check(not_empty())
        ->type_name("STREAM")
        ->check(not_empty());
    command->add_option("--type", options->types, "only of these types")
        ->check(not_empty())
        ->type_name("TYPE")
        ->check(not_empty());
    command->add_option("--since", options->since, "recorded at or after")
        ->check(not_empty())
        ->type_name("TIME")
        ->check(not_empty());
    command->add_option("--until", options->until, "recorded at or before")
        ->check(not_empty())
        ->type_name("TIME")
        ->check(not_empty());
    command->add_flag("--follow", options->follow, "go on with what is appended, until Ctrl-C");
    command->add_flag("--json", options->json, "one CloudEvent a line");
    command->add_flag(
        "--people",
        options->people,
        "show what names people, which is told in the log; unless told it is {\"sealed\":true}"
    );
    add_master_key_option(*command, options->where);
    auto* state = command->add_option("--state", options->state, "print the state of this stream")
                      ->check(not_empty())
                      ->type_name("STREAM")
                      ->check(not_empty());
    auto* version = command->add_option("--at-version", options->at_version, "as of this version")
                        ->type_name("N")
                        ->check(whole_number(1))
                        ->needs(state);
    // A state is of one stream from its beginning on.
    for (const auto* filter :
         {"--from", "--to", "--stream", "--type", "--since", "--until", "--follow"})
        state->excludes(filter);
    command->add_option("--at", options->at, "as of this time")
        ->check(not_empty())
        ->type_name("TIME")
        ->check(not_empty())
        ->needs(state)
        ->excludes(version);
    add_transfer(*command, action, options);
    command->callback([&action, options, command, data] {
        if (const auto chosen = command->get_subcommands(); !chosen.empty()) {
            refuse_options_before(*command, *chosen.front(), *data);
            return;
        }
        if (data->empty()) throw CLI::RequiredError("--data");
        action = [options] { return replay(*options); };
    });
}

}  // namespace vitrine::api
