#include "queries/offers/price_history.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "projections/price_history/reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::PriceEntry;

constexpr std::chrono::hours window{30 * 24};

struct ProductPrices {
    std::string clubify_product_id;
    std::vector<PriceEntry> entries;  // oldest first; one without a price ends the one before
};

std::vector<ProductPrices> by_product(std::vector<PriceEntry> entries) {
    std::vector<ProductPrices> products;
    for (auto& entry : entries) {
        auto found = std::ranges::find(
            products, entry.clubify_product_id, &ProductPrices::clubify_product_id
        );
        if (found == products.end()) {
            products.push_back({entry.clubify_product_id, {}});
            found = std::prev(products.end());
        }
        found->entries.push_back(std::move(entry));
    }
    return products;
}

/// The last of those that began at or before `at`.
const PriceEntry* price_at(const ProductPrices& product, Timestamp at) {
    const PriceEntry* last = nullptr;
    for (const auto& entry : product.entries) {
        if (entry.since <= at) last = &entry;
    }
    return last && last->price_cents ? last : nullptr;
}

/// Of all prices that held at any moment of the window, in the currency of the last of them.
const PriceEntry* lowest(const ProductPrices& product, Timestamp at) {
    const auto* first = price_at(product, at - window);
    std::vector<const PriceEntry*> held;
    if (first) held.push_back(first);
    for (const auto& entry : product.entries) {
        if (entry.price_cents && entry.since > at - window && entry.since <= at) {
            held.push_back(&entry);
        }
    }
    if (held.empty()) return nullptr;
    const auto currency = held.back()->currency;
    std::erase_if(held, [&](const auto* entry) { return entry->currency != currency; });
    return *std::ranges::min_element(held, {}, [](const auto* entry) {
        return *entry->price_cents;
    });
}

Json price_list(const ProductPrices& product) {
    auto list = Json::array();
    for (std::size_t i = 0; i < product.entries.size(); ++i) {
        const auto& entry = product.entries[i];
        if (!entry.price_cents) continue;
        const bool ended = i + 1 < product.entries.size();
        Json json;
        json["price_cents"] = *entry.price_cents;
        json["currency"] = entry.currency;
        json["since"] = format_time(entry.since);
        json["until"] = ended ? Json(format_time(product.entries[i + 1].since)) : Json();
        json["position"] = entry.position;
        list.push_back(std::move(json));
    }
    return list;
}

Json product_json(const ProductPrices& product, Timestamp at) {
    const auto* present = price_at(product, at);
    const auto* least = lowest(product, at);
    const auto& product_id = product.entries.back().product_id;
    Json json;
    json["product_id"] = product_id.empty() ? Json() : Json(product_id);
    json["clubify_product_id"] = product.clubify_product_id;
    json["price_cents"] = present ? Json(*present->price_cents) : Json();
    json["currency"] = present ? Json(present->currency) : Json();
    json["lowest_30_days"] = Json();
    if (least) {
        json["lowest_30_days"] = {
            {"price_cents", *least->price_cents}, {"since", format_time(least->since)}
        };
    }
    json["prices"] = price_list(product);
    return json;
}

/// Who has to prove a price is better off without an answer than with a part of it.
QueryError incomplete(Position parked) {
    auto error = not_ready();
    error.detail = phrase(
        "the event at position {} could not be applied: prices from there on are missing until an "
        "operator retries or dismisses it in the read model price_history",
        "o evento na posição {} não pôde ser aplicado: os preços a partir dele faltam até que quem "
        "opera o serviço o repita ou dispense na visão de leitura price_history",
        parked
    );
    return error;
}

}  // namespace

Result price_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    const std::optional<std::string>& at
) {
    const auto now = reads.clock();
    const auto end = at ? parse_time(*at) : now;
    if (!end) {
        return std::unexpected(invalid(
            {{"/at",
              "invalid",
              {"at is a time such as 2026-03-01T12:00:00Z",
               "at é uma hora como 2026-03-01T12:00:00Z"}}}
        ));
    }
    if (*end > now)
        return std::unexpected(
            invalid({{"/at", "out_of_range", {"at is in the future", "at está no futuro"}}})
        );
    auto lease = reads.projections.read_model(price_history_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::PriceHistoryReader history(std::move(*lease));
    if (const auto parked = history.parked_from(tenant))
        return std::unexpected(incomplete(*parked));
    if (!history.knows(tenant, id))
        return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));

    Json json;
    json["offer_id"] = id.str();
    json["at"] = format_time(*end);
    json["products"] = Json::array();
    for (const auto& product : by_product(history.prices(tenant, id))) {
        json["products"].push_back(product_json(product, *end));
    }
    Answer answer;
    answer.position = history.position();
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
