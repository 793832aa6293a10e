#include "commands/engine/rule_faults.hpp"

#include <algorithm>
#include <iterator>

#include "commands/json.hpp"

namespace vitrine::commands {
namespace {

/// The body without its faulty members. Elements of an array become null: the others keep their
/// place.
Json without_faulty_members(Json body, const std::vector<Fault>& faults) {
    for (const auto& fault : faults) {
        const Json::json_pointer pointer(fault.pointer);
        if (pointer.empty() || !body.contains(pointer)) continue;
        auto& parent = body.at(pointer.parent_pointer());
        if (parent.is_array()) {
            body.at(pointer) = nullptr;
        } else {
            parent.erase(pointer.back());
        }
    }
    return body;
}

/// Is there a fault at the pointer or at what holds it? Then what the rules say of it is only an
/// echo.
bool is_covered(const std::vector<Fault>& faults, const std::string& pointer) {
    return std::ranges::any_of(faults, [&](const Fault& fault) {
        if (fault.pointer.empty()) return false;
        return pointer == fault.pointer || pointer.starts_with(fault.pointer + '/');
    });
}

}  // namespace

void add_uncovered(std::vector<Fault>& faults, const std::vector<Fault>& more) {
    const auto known = faults;
    std::ranges::copy_if(more, std::back_inserter(faults), [&known](const Fault& fault) {
        return !is_covered(known, fault.pointer);
    });
}

std::vector<Fault> with_rule_faults(std::vector<Fault> faults, const Preparation& from) {
    if (!from.definition.entity.is_id(from.entity_id)) return faults;
    const auto body = without_faulty_members(from.body, faults);
    const Preparation rest{
        from.definition,
        from.store,
        from.facts,
        from.tenant,
        from.command_id,
        from.entity_id,
        from.item_id,
        from.version,
        from.claims,
        body,
        from.tenant_context,
        from.now
    };
    auto more = from.definition.handler.check(rest);
    // What is missing the schema has told; the rules only miss what was refused.
    std::erase_if(more, [](const Fault& fault) { return fault.code == "required"; });
    add_uncovered(faults, more);
    return faults;
}

}  // namespace vitrine::commands
