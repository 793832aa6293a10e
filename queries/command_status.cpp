#include "queries/command_status.hpp"

#include <nlohmann/json.hpp>

#include "queries/command_json.hpp"

namespace vitrine::queries {

Result command_status(const ReadSide& reads, const TenantId& tenant, const CommandId& id) {
    const auto record = reads.store.journal().find(tenant, id);
    if (!record)
        return std::unexpected(not_found({"there is no such command", "este comando não existe"}));
    Answer answer;
    answer.body = command_json(*record).dump();
    if (record->position != 0) answer.position = record->position;  // 0: no events so far
    return answer;
}

}  // namespace vitrine::queries
