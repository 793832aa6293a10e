#include "commands/products/claim_known_skus.hpp"

#include <exception>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands/products/area.hpp"
#include "core/overloaded.hpp"
#include "events/codec.hpp"
#include "events/products.hpp"
#include "events/tenants.hpp"
#include "store/append.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t events_at_once = 1000;

/// The SKU that an event gave a product, or that it has none, and the command that did so.
struct Given {
    std::optional<std::string> sku;
    CommandId command;
};

/// nullopt: the event says nothing of it. What cannot be read says nothing either: the projections
/// tell what is wrong with it.
std::optional<Given> given_by(const events::RecordedEvent& recorded) {
    try {
        const auto event = events::decode<events::ProductEvent>(recorded);
        auto command = events::decode_metadata(recorded.metadata).command_id;
        return std::visit(
            overloaded{
                [&](const events::ProductCreated& e) -> std::optional<Given> {
                    return Given{e.sku, command};
                },
                [&](const events::ProductAdopted& e) -> std::optional<Given> {
                    return Given{e.sku, command};
                },
                [&](const events::ProductEdited& e) -> std::optional<Given> {
                    if (!e.sku.given()) return std::nullopt;
                    return Given{e.sku.value(), command};
                },
                [](const auto&) -> std::optional<Given> { return std::nullopt; },
            },
            event.value()
        );
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

/// Calls with each page of the events of these types.
template <class Look>
bool each_page(store::EventStore& store, std::vector<std::string> types, Look look) {
    store::Filter filter;
    filter.types = std::move(types);
    for (Position from = 1;;) {
        const auto page = store.read_all(from, filter, events_at_once, store::Direction::forwards);
        if (!look(page)) return false;
        if (page.size() < events_at_once) return true;
        from = page.back().position + 1;
    }
}

using Products = std::map<std::pair<TenantId, StreamName>, Given>;

/// What products have that were edited since: the last edit counts.
Products edited_products(store::EventStore& store) {
    Products edited;
    each_page(store, {"ProductEdited"}, [&edited](const auto& page) {
        for (const auto& recorded : page) {
            if (auto given = given_by(recorded))
                edited[{recorded.tenant, recorded.stream}] = *std::move(given);
        }
        return true;
    });
    return edited;
}

Notice warning(std::string_view event, const TenantId& tenant, std::string reason) {
    Notice notice;
    notice.level = Notice::Level::warning;
    notice.event = event;
    notice.tenant = tenant;
    notice.reason = std::move(reason);
    return notice;
}

bool hold(store::EventStore& store, const TenantId& tenant, std::vector<store::HeldClaim> keys) {
    return store::append_and_wait(store, {tenant, {}, store::Hold{std::move(keys)}}).has_value();
}

}  // namespace

void claim_known_skus(store::EventStore& store, const UuidSource& new_id, const Notify& notify) {
    const auto& operators = events::operator_tenant();
    const store::Claim done{"done", "claim known SKUs as they are seen"};
    if (store.journal().holder(operators, done)) return;
    const auto edited = edited_products(store);
    const auto claim_page = [&](const std::vector<events::RecordedEvent>& page) {
        std::map<TenantId, std::vector<store::HeldClaim>> keys;
        for (const auto& recorded : page) {
            auto given = given_by(recorded);
            const auto later = edited.find({recorded.tenant, recorded.stream});
            if (later != edited.end()) given = later->second;
            if (!given || !given->sku || given->sku->empty()) continue;
            keys[recorded.tenant].push_back({sku_claim(*given->sku), given->command});
        }
        for (const auto& [tenant, wanted] : keys) {
            if (!hold(store, tenant, wanted)) return false;
            for (const auto& [sku, command] : wanted) {
                if (store.journal().holder(tenant, sku) == command) continue;
                notify(
                    warning("two products have one SKU", tenant, "only the first keeps " + sku.key)
                );
            }
        }
        return true;
    };
    if (!each_page(store, {"ProductCreated", "ProductAdopted"}, claim_page) ||
        !hold(store, operators, {{done, CommandId(new_id())}})) {
        notify(warning(
            "SKUs of known products cannot be claimed yet", operators, "the next start tries again"
        ));
    }
}

}  // namespace vitrine::commands
