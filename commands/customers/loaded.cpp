#include "commands/customers/loaded.hpp"

#include <stdexcept>

#include "commands/engine/load.hpp"
#include "commands/facts.hpp"

namespace vitrine::commands {
namespace {

/// Merged ones are followed; a circle there is none, since none is merged into one that is merged.
std::string followed(const OwnerRequest& request, std::string id) {
    while (true) {
        const auto state = load_customer(request.store, request.tenant, id);
        if (state.erased) return {};
        if (!state.merged_into) return id;
        id = state.merged_into->str();
    }
}

/// Of a command of which the journal knows no more: who was ever noted with the address, if they
/// have it.
std::string noted_with(const OwnerRequest& request, const Claim& email) {
    for (auto& id : request.facts.people_with(request.tenant, email.kind, email.key)) {
        const auto state = load_customer(request.store, request.tenant, id);
        if (!state.erased && state.email && state.email->text() == email.key)
            return followed(request, std::move(id));
    }
    return {};
}

}  // namespace

CustomerState load_customer(
    store::EventStore& store, const TenantId& tenant, const std::string& id
) {
    CustomerState state;
    state.id = events::CustomerId(id);
    for_each_event(
        store,
        tenant,
        StreamName("customer-" + id),
        1,
        [&state](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<events::CustomerEvent>(recorded))
                state = evolve(std::move(state), *event);
        }
    );
    return state;
}

CustomerState customer_of(const Preparation& from) {
    return load_customer(from.store, from.tenant, from.entity_id);
}

std::string customer_with(const OwnerRequest& request, const Claim& email) {
    auto& journal = request.store.journal();
    const auto holder = journal.holder(request.tenant, email);
    if (!holder) return {};
    const auto record = journal.find(request.tenant, *holder);
    if (!record) return noted_with(request, email);
    return followed(request, std::string(events::id_of(record->head.stream)));
}

}  // namespace vitrine::commands
