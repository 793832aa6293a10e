#include "queries/list_commands.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "queries/command_json.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
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

std::optional<std::int64_t> read_cursor(
    const std::optional<std::string>& cursor, std::vector<Fault>& faults
) {
    if (!cursor) return std::nullopt;
    if (const auto sequence = decode_position_cursor(*cursor))
        return static_cast<std::int64_t>(*sequence);
    faults.push_back(
        {"/cursor",
         "invalid",
         {"cursor is not the next_cursor of a page", "cursor não é o next_cursor de uma página"}}
    );
    return std::nullopt;
}

}  // namespace

Result list_commands(
    const ReadSide& reads, const TenantId& tenant, const CommandsParameters& parameters
) {
    std::vector<Fault> faults;
    store::CommandFilter filter;
    filter.which = read_state(parameters.state, faults);
    filter.limit = read_limit(parameters.limit, faults) + 1;  // one more: is there a next page?
    filter.before = read_cursor(parameters.cursor, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    auto records = reads.store.journal().list(tenant, filter);
    Answer answer;
    if (records.size() == filter.limit) {
        records.pop_back();
        answer.next_cursor =
            encode_position_cursor(static_cast<std::uint64_t>(records.back().sequence));
    }
    Json json;
    json["items"] = Json::array();
    for (const auto& record : records) json["items"].push_back(command_json(record));
    json["next_cursor"] = answer.next_cursor.empty() ? Json() : Json(answer.next_cursor);
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
