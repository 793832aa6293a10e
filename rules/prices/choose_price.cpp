#include <algorithm>
#include <tuple>

#include "rules/prices/quote.hpp"

namespace vitrine::rules::prices {
namespace {

bool holds_at(const PriceList& list, Timestamp at) {
    return (!list.valid_from || *list.valid_from <= at) && (!list.valid_to || at < *list.valid_to);
}

bool is_of(const std::vector<std::string>& segments, std::string_view one) {
    return std::ranges::find(segments, one) != segments.end();
}

bool is_met(const std::optional<std::string>& segment, const Question& question) {
    if (!segment) return true;
    return question.customer_id ? is_of(question.segments, *segment) : *segment == anonymous;
}

/// A price that might go, and what it is compared by.
struct Candidate {
    int conditions = 0;
    std::int64_t priority = 0;
    ChosenPrice price;

    bool goes_before(const Candidate& other) const {
        const auto key = [](const Candidate& each) {
            return std::make_tuple(-each.conditions, -each.priority, each.price.unit_cents);
        };
        if (key(*this) != key(other)) return key(*this) < key(other);
        // An offer's own price has no name.
        const auto name = [](const Candidate& each) {
            return each.price.list ? std::string_view(each.price.list->name) : std::string_view();
        };
        return name(*this) < name(other);
    }
};

}  // namespace

std::optional<ChosenPrice> choose_price(
    const Question& question,
    const Rules& rules,
    const OfferLine& line,
    const ProductTerms* product,
    std::int64_t quantity
) {
    std::optional<Candidate> best;
    const auto offer = [&best](const Candidate& candidate) {
        if (!best || candidate.goes_before(*best)) best = candidate;
    };
    if (line.price_cents)
        offer({.conditions = 1, .price = {ChosenPrice::By::offer, nullptr, *line.price_cents}});
    for (const auto* list : rules.lists) {
        if (!line.product_id || list->currency != rules.offer->currency ||
            !holds_at(*list, question.at) || !is_met(list->segment, question))
            continue;
        for (const auto& entry : std::ranges::equal_range(
                 list->entries, *line.product_id, {}, &PriceEntry::product_id
             )) {
            if (quantity < entry.min_quantity) continue;
            offer(
                {.conditions = (list->segment ? 1 : 0) + (entry.min_quantity > 1 ? 1 : 0),
                 .priority = list->priority,
                 .price = {ChosenPrice::By::list, list, entry.price_cents}}
            );
        }
    }
    if (best) return best->price;
    if (product == nullptr || !product->price_cents || product->currency != rules.offer->currency)
        return std::nullopt;
    return ChosenPrice{ChosenPrice::By::product, nullptr, *product->price_cents};
}

}  // namespace vitrine::rules::prices
