#include "commands/engine/deciding.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "commands/json.hpp"
#include "events/unreadable_event.hpp"
#include "store/read.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

const Definition& Deciding::definition_of(std::string_view name) const {
    const auto found = std::ranges::find(parts_.commands, name, &Definition::name);
    if (found == parts_.commands.end())
        throw std::logic_error("there is no command " + std::string(name));
    return *found;
}

JsonText Deciding::tenant_context(const TenantId& tenant) const {
    return parts_.tenant_context ? parts_.tenant_context(tenant) : JsonText();
}

Preparation Deciding::preparation_of(const Intake& intake, Version version, const JsonText& context)
    const {
    return {
        *intake.definition,
        parts_.store,
        parts_.facts,
        intake.request.principal.tenant,
        intake.head.id,
        intake.entity_id,
        intake.request.item_id,
        version,
        intake.claims,
        intake.body,
        context,
        parts_.clock()
    };
}

std::vector<std::string> Deciding::relied_on(const Preparation& from) {
    std::vector<std::string> keys;
    const auto& handler = from.definition.handler;
    if (handler.relies_on == nullptr) return keys;
    for (const auto& stream : handler.relies_on(from))
        std::ranges::move(turn_keys(from.tenant, stream, {}), std::back_inserter(keys));
    return keys;
}

std::vector<std::string> Deciding::relied_on(const store::CommandRecord& record, const Plan& plan)
    const {
    const auto definition = std::ranges::find(parts_.commands, record.head.name, &Definition::name);
    const auto body = Json::parse(record.head.body.text, nullptr, false);
    if (definition == parts_.commands.end() || !body.is_object()) return {};
    try {
        return relied_on(
            {*definition,
             parts_.store,
             parts_.facts,
             record.tenant,
             record.head.id,
             plan.entity_id,
             plan.item_id,
             plan.version,
             plan.claims,
             body,
             {},
             parts_.clock()}
        );
    } catch (const events::UnreadableEvent&) {
        return {};
    }
}

Decided Deciding::decide(const Preparation& from) const {
    Decided decided{from.definition.handler.prepare(from), std::nullopt};
    if (!decided.prepared) return decided;
    for (const auto& claim : decided.prepared->claims) {
        const auto holder = parts_.store.journal().holder(from.tenant, claim);
        if (!holder || *holder == from.command_id) continue;
        decided.taken = claim;
        break;
    }
    return decided;
}

asio::awaitable<Prepared> Deciding::decide_again(
    std::shared_ptr<const Deciding> self, const Job& job
) {
    const auto& definition = self->definition_of(job.head.name);
    const auto context = self->tenant_context(job.tenant);
    const auto body = Json::parse(job.head.body.text);
    co_return co_await store::read(self->parts_.store, [&] {
        const auto version = self->parts_.store.stream_version(job.tenant, job.plan.stream);
        return definition.handler.prepare(
            {definition,
             self->parts_.store,
             self->parts_.facts,
             job.tenant,
             job.head.id,
             job.plan.entity_id,
             job.plan.item_id,
             version,
             job.plan.claims,
             body,
             context,
             self->parts_.clock()}
        );
    });
}

}  // namespace vitrine::commands
