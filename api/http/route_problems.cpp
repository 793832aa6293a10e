#include "api/http/route_problems.hpp"

#include <algorithm>

#include "commands/problem.hpp"

namespace vitrine::api {
namespace {

class Problems {
public:
    void add(std::string_view name) { add(name, commands::problem_type(name).status()); }
    void add(std::string_view name, int status) {
        auto& names = by_status_[status];
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    std::map<int, std::vector<std::string_view>> take() { return std::move(by_status_); }

private:
    std::map<int, std::vector<std::string_view>> by_status_;
};

/// What the HTTP server itself may answer, whatever the route.
void add_of_server(Problems& problems) {
    for (const auto* name :
         {"malformed-request",
          "not-acceptable",  // no content coding that it takes
          "request-timeout",
          "version-mismatch",  // If-Match
          "body-too-large",
          "unsupported-content-encoding",
          "expectation-failed",
          "header-too-large",
          "internal-error",
          "overloaded",
          "shutting-down"})
        problems.add(name);
}

void add_of_access(const Route& route, Problems& problems) {
    if (route.access == Access::open) return;
    problems.add("unauthorized");
    problems.add("rate-limited");
    problems.add("validation-failed");  // parameters
    if (route.access != Access::reader) problems.add("forbidden");
}

void add_of_clubify(Problems& problems) {
    problems.add("clubify-refused");
    problems.add("clubify-credentials");
    for (const int status : {502, 503, 504}) problems.add("clubify-unavailable", status);
}

void add_of_writing(Problems& problems) {
    problems.add("storage-unavailable");
    problems.add("disk-full");
}

void add_of_command(const commands::Definition& command, Problems& problems) {
    add_of_clubify(problems);
    add_of_writing(problems);
    for (const auto* name :
         {"not-found",
          "command-in-flight",
          "unsupported-media-type",
          "idempotency-key-reused",
          "stream-unreadable"})
        problems.add(name);
    if (!command.creates) {
        problems.add("missing-on-clubify");
        problems.add("illegal-transition");
    }
    if (command.claims != nullptr)
        problems.add(command.entity == "product" ? "sku-taken" : "slug-taken");
    problems.add("product-in-use");
    // Clubify may say so of any of them.
    problems.add("clubify-refused", 409);
    problems.add("product-already-in-offer");
}

}  // namespace

std::map<int, std::vector<std::string_view>> problems_of(const Route& route) {
    Problems problems;
    add_of_server(problems);
    add_of_access(route, problems);
    if (route.pattern.contains('{')) problems.add("not-found");
    if (route.needs_body) problems.add("length-required");
    if (!route.models.empty() || route.query != nullptr || route.waiting_query != nullptr)
        problems.add("not-ready");
    if (!route.past_models.empty()) problems.add("version-given-up");
    if (route.waiting_query != nullptr) add_of_clubify(problems);
    if (route.command != nullptr) {
        add_of_command(*route.command, problems);
    } else if (route.method != "GET" && route.access != Access::open) {
        problems.add("unsupported-media-type");
        add_of_clubify(problems);
        add_of_writing(problems);
    }
    for (const auto name : route.problems) problems.add(name);
    return problems.take();
}

}  // namespace vitrine::api
