#include "store/verify.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/cli/rated_progress.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/table.hpp"
#include "api/cli/verify_text.hpp"
#include "store/damage.hpp"
#include "store/hash_chain.hpp"

namespace vitrine::api {
namespace {

struct VerifyCommand {
    DataOptions where;
    std::vector<std::string> heads;
    bool json = false;
};

store::NotedHead head_of(const std::string& text) {
    store::NotedHead head;
    const auto colon = text.find(':');
    if (colon != std::string::npos) head.tenant = TenantId(text.substr(0, colon));
    auto digits = text.substr(colon == std::string::npos ? 0 : colon + 1);
    std::ranges::transform(digits, digits.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto hash = store::parse_hash(digits);
    if (!hash) throw UsageError("--head: \"" + text + "\" is not TENANT:HEX or HEX, 64 digits");
    head.hash = *hash;
    return head;
}

void print(const store::VerifyReport& report, bool as_json) {
    const auto json = to_json(report);
    if (as_json) {
        std::cout << json.dump() << std::endl;
        return;
    }
    print_rows(json["tenants"], {"tenant", "events", "head"}, false);
    if (!report.faults.empty()) return;
    std::cout << report.events << " events up to position " << report.position
              << (report.sparse ? ", with gaps as imported" : "") << ": fine" << std::endl;
}

int verify(const VerifyCommand& command) {
    store::VerifyOptions options;
    for (const auto& head : command.heads) options.heads.push_back(head_of(head));
    require_log(command.where.data);
    RatedProgress progress("verify", "events");
    options.progress = [&](Position done, Position total) { progress.show(done, total); };
    const auto report = store::verify(command.where.data, options);
    progress.clear();
    print(report, command.json);
    if (!report.faults.empty()) throw store::Damaged(first_fault(report));
    return 0;
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
    auto options = std::make_shared<VerifyCommand>();
    auto* command = app.add_subcommand(
        "verify",
        "Check the hash chains of the log and its file, on a running or a stopped server; exit "
        "code 3 if damaged."
    );
    command->footer(
        "Prints each tenant's events and head, the hash of its last event. Note a head elsewhere "
        "and give it with --head later: then a log that was cut off or written anew is found as "
        "well."
    );
    add_data_option(*command, options->where);
    command
        ->add_option(
            "--head", options->heads, "a head noted earlier that must still be in the chain"
        )
        ->type_name("[TENANT:]HEX");
    command->add_flag("--json", options->json, "one JSON object, with every fault");
    command->callback([&action, options] { action = [options] { return verify(*options); }; });
}

}  // namespace vitrine::api
