#include "queries/offers/price_history.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/time.hpp"
#include "projections/offers/reader.hpp"
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

/// Which of the prices: that which was set, or what one costs after the discount.
using Price = std::optional<std::int64_t> PriceEntry::*;
constexpr Price set_price = &PriceEntry::price_cents;
constexpr Price effective_price = &PriceEntry::effective_cents;

constexpr auto for_ever = Timestamp::max();

struct Span {
    Timestamp from, until;  // `until` is not of it
};

/// When the offer could be bought; one ends before the next begins.
std::vector<Span> times_on_sale(const std::vector<projections::SaleEntry>& entries) {
    std::vector<Span> spans;
    for (const auto& entry : entries) {
        if (!spans.empty() && spans.back().until == for_ever) {
            if (!entry.on_sale) spans.back().until = entry.since;
        } else if (entry.on_sale) {
            spans.push_back({entry.since, for_ever});
        }
    }
    return spans;
}

/// A price while it could be paid.
struct Shown {
    const PriceEntry* entry;
    Span time;
};

/// Prices while the offer was on sale, the earliest first: those of a draft or of a paused offer
/// were shown to nobody.
std::vector<Shown> shown_prices(const ProductPrices& product, const std::vector<Span>& on_sale) {
    std::vector<Shown> shown;
    for (std::size_t i = 0; i < product.entries.size(); ++i) {
        const auto& entry = product.entries[i];
        if (!entry.price_cents) continue;
        const bool is_last = i + 1 == product.entries.size();
        const auto until = is_last ? for_ever : product.entries[i + 1].since;
        for (const auto& sale : on_sale) {
            const Span time{std::max(entry.since, sale.from), std::min(until, sale.until)};
            if (time.from < time.until) shown.push_back({&entry, time});
        }
    }
    return shown;
}

/// The lowest that could be paid at any moment from `begin` to before `end`, in the currency of the
/// last of them; the earliest of equal ones. nullptr: there was none.
const Shown* lowest(const std::vector<Shown>& shown, Price price, Timestamp begin, Timestamp end) {
    std::vector<const Shown*> held;
    for (const auto& each : shown) {
        const auto& time = each.time;
        if (each.entry->*price && time.from < end && time.until > begin) held.push_back(&each);
    }
    if (held.empty()) return nullptr;
    const auto& currency = held.back()->entry->currency;
    std::erase_if(held, [&](const auto* each) { return each->entry->currency != currency; });
    return *std::ranges::min_element(held, {}, [&](const auto* each) {
        return *(each->entry->*price);
    });
}

/// The latest price that is lower than the last one that could be paid before it, however long ago
/// that was: a product that left the offer and came back cheaper is reduced. nullptr: there is
/// none.
const Shown* last_reduction(const std::vector<Shown>& shown, Timestamp at) {
    const Shown* before = nullptr;
    const Shown* found = nullptr;
    for (const auto& each : shown) {
        if (each.time.from > at) break;
        if (!each.entry->effective_cents) continue;
        const bool comparable = before && before->entry->currency == each.entry->currency;
        if (comparable && *each.entry->effective_cents < *before->entry->effective_cents)
            found = &each;
        before = &each;
    }
    return found;
}

Json cents_or_null(const std::optional<std::int64_t>& cents) {
    return cents ? Json(*cents) : Json();
}

Json price_list(const ProductPrices& product) {
    auto list = Json::array();
    for (std::size_t i = 0; i < product.entries.size(); ++i) {
        const auto& entry = product.entries[i];
        if (!entry.price_cents) continue;
        const bool ended = i + 1 < product.entries.size();
        Json json;
        json["price_cents"] = *entry.price_cents;
        json["effective_cents"] = cents_or_null(entry.effective_cents);
        json["currency"] = entry.currency;
        json["since"] = format_time(entry.since);
        json["until"] = ended ? Json(format_time(product.entries[i + 1].since)) : Json();
        json["position"] = entry.position;
        list.push_back(std::move(json));
    }
    return list;
}

/// Of the 30 days up to `at`, that moment included.
void put_lowest(Json& json, const std::vector<Shown>& shown, Timestamp at) {
    const auto after = at + std::chrono::microseconds(1);
    json["lowest_30_days"] = Json();
    const auto* least = lowest(shown, set_price, at - window, after);
    if (!least) return;
    auto& told = json["lowest_30_days"];
    told["price_cents"] = *least->entry->price_cents;
    told["since"] = format_time(least->time.from);
    const auto* effective = lowest(shown, effective_price, at - window, after);
    told["effective_cents"] = effective ? Json(*effective->entry->effective_cents) : Json();
    told["effective_since"] = effective ? Json(format_time(effective->time.from)) : Json();
}

/// Of the 30 days before buyers were last shown a lower price: what has to stand beside that.
void put_lowest_before_reduction(Json& json, const std::vector<Shown>& shown, Timestamp at) {
    auto& told = json["lowest_30_days_before_reduction"] = Json();
    const auto* reduced = last_reduction(shown, at);
    if (!reduced) {
        json["no_reduction"] = "not_reduced";
        return;
    }
    const auto reduced_at = reduced->time.from;
    const auto begin = reduced_at - window;
    const auto* least = lowest(shown, effective_price, begin, reduced_at);
    if (!least) {
        json["no_reduction"] = "no_price_before";
        return;
    }
    // What was sold for a shorter time has no price before.
    const auto first = std::ranges::find_if(shown, [&](const Shown& each) {
        return each.entry->effective_cents && each.time.until > begin;
    });
    told["price_cents"] = *least->entry->effective_cents;
    told["list_price_cents"] = *least->entry->price_cents;
    told["currency"] = least->entry->currency;
    told["from"] = format_time(std::max(first->time.from, begin));
    told["to"] = format_time(reduced_at);
    told["reduced_at"] = format_time(reduced_at);
    told["reduced_to_cents"] = *reduced->entry->effective_cents;
}

Json product_json(
    const ProductPrices& product,
    const std::optional<projections::ProductFacts>& facts,
    const std::vector<Span>& on_sale,
    Timestamp at
) {
    const auto shown = shown_prices(product, on_sale);
    const auto* present = price_at(product, at);
    const auto& product_id = product.entries.back().product_id;
    Json json;
    json["product_id"] = product_id.empty() ? Json() : Json(product_id);
    json["clubify_product_id"] = product.clubify_product_id;
    json["name"] = facts ? Json(facts->name) : Json();
    json["price_cents"] = present ? Json(*present->price_cents) : Json();
    json["effective_cents"] = present ? cents_or_null(present->effective_cents) : Json();
    json["currency"] = present ? Json(present->currency) : Json();
    put_lowest(json, shown, at);
    put_lowest_before_reduction(json, shown, at);
    json["prices"] = price_list(product);
    return json;
}

/// Who has to prove a price is better off without an answer than with a part of it.
QueryError incomplete(Position parked) {
    return not_ready_until_decided(phrase(
        "the event at position {} could not be applied: prices from there on are missing until an "
        "operator retries or dismisses it in the read model price_history",
        "o evento na posição {} não pôde ser aplicado: os preços a partir dele faltam até que quem "
        "opera o serviço o repita ou dispense na visão de leitura price_history",
        parked
    ));
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

    auto offers_lease = reads.projections.read_model(offers_model).lease();
    if (!offers_lease) return std::unexpected(not_ready());
    projections::OffersReader offers(std::move(*offers_lease));
    const auto offer = offers.find(tenant, id);

    Json json;
    json["offer_id"] = id.str();
    json["name"] = offer ? Json(offer->name) : Json();
    json["at"] = format_time(*end);
    json["products"] = Json::array();
    const auto on_sale = times_on_sale(history.sale(tenant, id));
    for (const auto& product : by_product(history.prices(tenant, id))) {
        const auto& ours = product.entries.back().product_id;
        const auto facts = offers.product(tenant, ours, product.clubify_product_id);
        json["products"].push_back(product_json(product, facts, on_sale, *end));
    }
    Answer answer;
    answer.position = history.position();
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
