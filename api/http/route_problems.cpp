#include "api/http/route_problems.hpp"

#include <algorithm>

#include "commands/problem.hpp"

namespace vitrine::api {
namespace {

class Problems {
public:
    /// With every status that it comes with.
    void add(std::string_view name) {
        for (const int status : commands::problem_type(name).statuses) {
            if (status == 0) continue;
            auto& names = by_status_[status];
            if (std::ranges::find(names, name) == names.end()) names.push_back(name);
        }
    }
    void add(std::initializer_list<std::string_view> names) {
        for (const auto name : names) add(name);
    }
    std::map<int, std::vector<std::string_view>> take() { return std::move(by_status_); }

private:
    std::map<int, std::vector<std::string_view>> by_status_;
};

/// What the HTTP server itself may answer, whatever the route.
void add_of_server(Problems& problems) {
    problems.add(
        {"malformed-request",
         "not-acceptable",  // no content coding that it takes
         "request-timeout",
         "version-mismatch",  // If-Match
         "body-too-large",
         "unsupported-content-encoding",
         "expectation-failed",
         "header-too-large",
         "internal-error"}
    );
}

void add_of_access(const Route& route, Problems& problems) {
    if (route.access == Access::open) return;
    problems.add({"unauthorized", "rate-limited"});
    problems.add("validation-failed");  // parameters
    if (route.access != Access::reader) problems.add("forbidden");
    // What has no command takes no body in another type either.
    if (route.method != "GET") problems.add("unsupported-media-type");
}

void add_of_clubify(Problems& problems) {
    problems.add({"clubify-refused", "clubify-credentials", "clubify-unavailable"});
}

void add_of_writing(Problems& problems) {
    problems.add({"storage-unavailable", "disk-full", "overloaded", "shutting-down"});
}

void add_of_command(const commands::Definition& command, Problems& problems) {
    add_of_writing(problems);
    problems.add({"command-in-flight", "idempotency-key-reused", "stream-unreadable"});
    if (command.needs_entity()) problems.add({"not-found", "illegal-transition"});
    if (command.names_people) problems.add("not-found");  // its key was for who is erased
    if (command.acts_outside()) {
        add_of_clubify(problems);
        if (command.needs_entity()) problems.add("missing-on-clubify");
    }
    if (command.claims != nullptr) problems.add(command.claims->problem);
    for (const auto own : command.problems) {
        if (!own.empty()) problems.add(own);
    }
}

}  // namespace

std::map<int, std::vector<std::string_view>> problems_of(const Route& route) {
    Problems problems;
    add_of_server(problems);
    add_of_access(route, problems);
    // Who sends a webhook is not told which tenants there are.
    const bool is_webhook = route.access == Access::open && route.method == "POST";
    if (route.pattern.contains('{') && !route.command && !is_webhook) problems.add("not-found");
    if (route.needs_body) problems.add("length-required");
    if (!route.models.empty()) problems.add("not-ready");
    if (!route.past_models.empty()) problems.add("version-given-up");
    if (route.calls_clubify) add_of_clubify(problems);
    if (route.writes) add_of_writing(problems);
    if (route.command != nullptr) add_of_command(*route.command, problems);
    for (const auto name : route.problems) problems.add(name);
    return problems.take();
}

}  // namespace vitrine::api
