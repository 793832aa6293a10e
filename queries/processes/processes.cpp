#include "queries/processes/processes.hpp"

#include <nlohmann/json.hpp>

#include "projections/processes/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"
#include "queries/processes/process_json.hpp"

namespace vitrine::queries {
Result list_processes(
    const ReadSide& reads, const TenantId& tenant, const ProcessesParameters& parameters
) {
    std::vector<Fault> faults;
    ListParameters common;
    common.limit = parameters.limit;
    common.cursor = parameters.cursor;
    const auto request = read_list(common, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    const auto kind = parameters.kind.value_or(""), state = parameters.state.value_or("");

    auto lease = reads.projections.read_model(processes_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ProcessesReader processes(*std::move(lease));
    const auto page = processes.list(
        tenant, {.kind = kind, .state = state, .after = request.after, .limit = request.limit}
    );
    auto answer = list_answer(
        page.items,
        processes.position(),
        page.next ? encode_cursor(request.sort, *page.next) : std::string(),
        [&](const projections::ListedProcess& each) {
            return to_json(each.process, each.next_due, parameters.language).dump();
        }
    );
    answer.language = parameters.language;
    return answer;
}

Result get_process(
    const ReadSide& reads,
    const TenantId& tenant,
    std::string_view kind,
    std::string_view id,
    Language language
) {
    auto lease = reads.projections.read_model(processes_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ProcessesReader processes(*std::move(lease));
    const auto process = processes.find(tenant, kind, id);
    if (!process)
        return std::unexpected(not_found({"there is no such process", "este processo não existe"}));
    Answer answer;
    answer.body = whole_to_json(*process, language).dump();
    answer.position = processes.position();
    answer.language = language;
    return answer;
}

}  // namespace vitrine::queries
