#include "api/http/log_answer.hpp"

#include <cmath>

#include "api/log/log.hpp"
#include "commands/problem.hpp"

namespace vitrine::api {
namespace {

using log::Level;

constexpr int shown_digits = 1000;  // of a millisecond

double milliseconds(std::chrono::steady_clock::duration time) {
    const auto all = std::chrono::duration<double, std::milli>(time).count();
    return std::round(all * shown_digits) / shown_digits;
}

bool only_asks(const Call& call) {
    return call.request.method == "GET" || call.request.method == "HEAD";
}

Level level_of(const Call& call, int status) {
    // Not being ready is what such a route is asked for, again and again.
    const bool tells_unready = call.route != nullptr && call.route->tells_unready;
    if (status >= 500 && !tells_unready) return Level::error;
    const bool is_refused = status >= 400 && !tells_unready;
    return only_asks(call) && !is_refused ? Level::debug : Level::info;
}

const char* outcome_of(int status) {
    if (status == 202) return "running";
    if (status < 400) return "succeeded";
    return status < 500 ? "refused" : "failed";
}

void add_command(log::Fields& fields, const Call& call, const net::Response& response) {
    fields.emplace_back("command_id", call.command_id.str());
    fields.emplace_back("outcome", outcome_of(response.status));
    if (response.headers.find("Idempotency-Replayed")) fields.emplace_back("replayed", true);
    if (call.flag("dry_run").value_or(false)) fields.emplace_back("dry_run", true);
}

}  // namespace

void log_answer(
    const Call& call, const net::Response& response, std::chrono::steady_clock::duration took
) {
    const auto level = level_of(call, response.status);
    if (!log::writes(level)) return;
    const bool is_command = call.route != nullptr && call.route->command != nullptr;
    log::Fields fields;
    if (call.route != nullptr) fields.emplace_back("name", call.route->name);
    if (is_command) add_command(fields, call, response);
    fields.emplace_back("method", call.request.method);
    fields.emplace_back("path", call.path);
    fields.emplace_back("status", response.status);
    if (response.status >= 400)
        fields.emplace_back("problem", commands::problem_name_in(response.body));
    fields.emplace_back("ms", milliseconds(took));
    fields.emplace_back("tenant", call.principal.tenant.str());
    fields.emplace_back("principal", call.principal.name);
    fields.emplace_back("remote", call.request.remote);
    if (const auto position = response.headers.find("X-Vitrine-Position"))
        fields.emplace_back("position", std::stoull(std::string(*position)));
    fields.emplace_back(
        "correlation_id", response.headers.find("X-Correlation-Id").value_or(call.correlation_id)
    );
    log::write(level, is_command ? "command" : "request", fields);
}

}  // namespace vitrine::api
