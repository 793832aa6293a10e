// Bodies of commands: a line with the command's name, then the body, on the way to a plan against a
// log that has an offer and a product. A plan survives the journal.

#include <map>

#include "commands/areas.hpp"
#include "commands/engine/plan.hpp"
#include "commands/engine/rule_faults.hpp"
#include "commands/engine/schema.hpp"
#include "commands/engine/states.hpp"
#include "commands/facts.hpp"
#include "commands/json.hpp"
#include "events/new_event.hpp"
#include "events/offers.hpp"
#include "events/products.hpp"
#include "store/memory/memory_event_store.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace vitrine;
using namespace vitrine::commands;

const TenantId tenant("acme");
const std::string offer_id = "0190b4e0-0000-7000-8000-000000000001";
const std::string product_id = "0190b4e0-0000-7000-8000-000000000002";

template <class Event>
void add(store::EventStore& store, StreamName stream, const Event& event) {
    auto encoded = events::encode(event);
    const EventId id(encoded.type);
    auto made = events::new_event(id, std::move(encoded), events::Metadata(), Timestamp());
    store::Append append;
    append.tenant = tenant;
    append.streams.push_back({std::move(stream), store::ExpectedVersion::any(), {std::move(made)}});
    store.append(std::move(append), [](const store::AppendResult&) {});
}

store::EventStore& shop() {
    static store::MemoryEventStore store([] { return Timestamp(); });
    static const bool filled = [] {
        events::ProductCreated product;
        product.product_id = ProductId(product_id);
        product.name = "Curso";
        product.type = "digital";
        product.price_cents = 1990;
        product.currency = "BRL";
        product.clubify_product_id = ClubifyId("prod_1");
        add(store, events::stream_of(product.product_id), events::ProductEvent(product));
        events::OfferCreated offer;
        offer.offer_id = OfferId(offer_id);
        offer.name = "Oferta";
        offer.slug = "oferta";
        offer.type = "single";
        offer.currency = "BRL";
        offer.clubify_offer_id = ClubifyId("offer_1");
        add(store, events::stream_of(offer.offer_id), events::OfferEvent(offer));
        return true;
    }();
    static_cast<void>(filled);
    return store;
}

const Schema& schema_of(const Definition& definition) {
    static std::map<std::string_view, Schema> schemas;
    const auto found = schemas.find(definition.name);
    if (found != schemas.end()) return found->second;
    return schemas.emplace(definition.name, Schema(definition.schema)).first->second;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [name, text] = fuzz::split_line(fuzz::text_of(data, size));
    const auto* definition = find_definition(name);
    if (definition == nullptr) return 0;
    const auto body = parse_body(text);
    if (!body) return 0;
    auto faults = schema_of(*definition).validate(*body);
    const CommandId command("0190b4e0-0000-7000-8000-000000000003");
    const std::string fresh = "0190b4e0-0000-7000-8000-000000000004";
    const std::string existing = definition->entity.name == "offer" ? offer_id : product_id;
    static const auto facts = facts_of_log(shop());
    const Claims claims{{"slug", "fuzzed"}};
    const auto& entity = definition->creates ? fresh : existing;
    States states(shop(), tenant);
    Preparation preparation{
        *definition, shop(), *facts, tenant, command, entity, product_id, 0, claims, *body
    };
    preparation.states = &states;
    if (!faults.empty()) {
        with_rule_faults(std::move(faults), preparation);
        return 0;
    }
    const auto plan = definition->handler.prepare(preparation);
    // One on several streams is local: it never stands there.
    const bool is_kept = plan && plan->others.empty() && !plan->refusal;
    if (is_kept)
        fuzz::require(plan_from_json(to_json(*plan)) == *plan, "a plan survives the journal");
    return 0;
}
