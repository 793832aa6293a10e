#include "queries/list_commands.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "queries/command_json.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Which = store::CommandFilter::Which;

constexpr std::pair<std::string_view, Which> states[] = {
    {"running", Which::running},
    {"succeeded", Which::succeeded},
    {"failed", Which::failed},
    {"retryable", Which::retryable},
};

Which read_state(const std::optional<std::string>& state, std::vector<Fault>& faults) {
    if (!state) return Which::unfinished;
    for (const auto& [name, which] : states) {
        if (*state == name) return which;
    }
    faults.push_back(
        {"/state",
         "unknown",
         {"state is running, succeeded, failed or retryable",
          "state é running, succeeded, failed ou retryable"}}
    );
    return Which::unfinished;
}

}  // namespace

Result list_commands(
    const ReadSide& reads, const TenantId& tenant, const CommandsParameters& parameters
) {
    std::vector<Fault> faults;
    store::CommandFilter filter;
    filter.which = read_state(parameters.state, faults);
    filter.limit = read_limit(parameters.limit, faults) + 1;  // one more: is there a next page?
    if (const auto before = read_position_cursor(parameters.cursor, faults))
        filter.before = static_cast<std::int64_t>(*before);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    auto records = reads.store.journal().list(tenant, filter);
    std::string next_cursor;
    if (records.size() == filter.limit) {
        records.pop_back();
        next_cursor = encode_position_cursor(static_cast<std::uint64_t>(records.back().sequence));
    }
    return list_answer(records, std::nullopt, std::move(next_cursor), [](const auto& record) {
        return command_json(record).dump();
    });
}

}  // namespace vitrine::queries
