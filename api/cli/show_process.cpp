#include "api/cli/show_process.hpp"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "api/cli/table.hpp"
#include "core/printable.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json, const char* name) {
    return json.value(name, std::string());
}

/// "waiting until 2026-12-01T03:00:00Z: the time to activate the offer"
std::string state_text(const Json& process) {
    auto said = text(process, "state");
    if (process.contains("next_due")) said += " until " + text(process, "next_due");
    if (process.contains("waits_for")) said += ": " + text(process, "waits_for");
    return said;
}

void print_process(const Json& process) {
    const auto name = fmt::format(
        "{} {} of {}", text(process, "kind"), text(process, "id"), text(process, "tenant")
    );
    std::cout << printable_line(name) << '\n' << printable_line(state_text(process)) << "\n\n";
    print_rows(
        process.at("steps"),
        {"effect",
         "state",
         "attempts",
         "intended_at",
         "ended_at",
         "next_try_at",
         "problem",
         "detail"},
        false
    );
    if (process.at("timers").empty()) return;
    std::cout << std::endl;
    print_rows(process.at("timers"), {"timer", "due"}, false);
}

}  // namespace

int show_process(
    const DataOptions& where,
    const std::string& tenant,
    const std::string& kind,
    const std::string& id,
    bool json
) {
    require_log(where.data);
    Json arguments;
    arguments["tenant"] = tenant;
    arguments["kind"] = kind;
    arguments["id"] = id;
    const auto process = ask(where, "process show", arguments);
    if (json) {
        std::cout << process.dump() << std::endl;
    } else {
        print_process(process);
    }
    return 0;
}

}  // namespace vitrine::api
