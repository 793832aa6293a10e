#include "projections/offers/product_facts.hpp"

#include <stdexcept>

namespace vitrine::projections {

ProductFold::Outcome ProductFold::apply(ProductFacts& facts, const events::RecordedEvent& event) {
    if (event.version <= facts.version) return Outcome::seen;
    bool changed = false;
    read_event(event, [&] { changed = fold(facts, event); });
    facts.version = event.version;
    if (!changed) return Outcome::same;
    facts.position = event.position;
    return Outcome::changed;
}

/// True: something of it is another now.
bool ProductFold::fold(ProductFacts& facts, const events::RecordedEvent& event) {
    auto object = payload_.open(event);
    if (event.type == "ProductCreated" || event.type == "ProductAdopted") {
        facts.product_id = events::id_of(event.stream);
    } else if (facts.version == 0) {
        throw std::runtime_error("the product was never created");
    }
    bool changed = facts.version == 0;
    const auto put = [&changed](auto& member, auto value) {
        if (member == value) return;
        member = std::move(value);
        changed = true;
    };
    for (auto field : object) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "name") {
            put(facts.name, std::string(text_of(value)));
        } else if (name == "price_cents") {
            put(facts.price_cents, std::optional(number_of(value)));
        } else if (name == "currency") {
            put(facts.currency, std::string(text_of(value)));
        } else if (name == "clubify_product_id") {
            put(facts.clubify_product_id, std::string(text_of(value)));
        }
    }
    if (facts.name.empty()) throw std::runtime_error("the name is missing");
    return changed;
}

std::optional<ProductFacts> read_product(Statement::Run row) {
    if (!row.next()) return std::nullopt;
    ProductFacts facts;
    facts.product_id = row.text(0);
    facts.clubify_product_id = row.text(1);
    facts.name = row.text(2);
    if (!row.is_null(3)) facts.price_cents = row.number(3);
    facts.currency = row.text(4);
    facts.version = row.unsigned_number(5);
    facts.position = row.unsigned_number(6);
    return facts;
}

std::vector<std::string> product_fact_event_types() {
    return {"ProductCreated", "ProductAdopted", "ProductEdited", "ProductPriceChanged"};
}

}  // namespace vitrine::projections
