#include "projections/offers/priced.hpp"

#include <algorithm>
#include <utility>

#include "core/line_amounts.hpp"
#include "core/money.hpp"

namespace vitrine::projections {
namespace {

/// Of a product's line in an offer, what decides its price.
struct LineTerms {
    std::string_view product_id, clubify_product_id;
    std::int64_t quantity = 1;
    std::optional<std::int64_t> price_cents;
    std::string_view discount_type, discount_value;
};

LineTerms read_terms(json::object line) {
    LineTerms terms;
    for (auto field : line) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "product_id") {
            terms.product_id = text_of(value);
        } else if (name == "clubify_product_id") {
            terms.clubify_product_id = text_of(value);
        } else if (name == "quantity") {
            terms.quantity = number_of(value);
        } else if (name == "price_cents") {
            terms.price_cents = number_of(value);
        } else if (name == "discount") {
            for (auto part : object_of(value)) {
                const std::string_view member = part.unescaped_key();
                json::value of_discount = part.value();
                if (member == "type") terms.discount_type = text_of(of_discount);
                if (member == "value") terms.discount_value = raw_of(of_discount);
            }
        }
    }
    return terms;
}

void append_number_or_null(
    std::string& out, std::string_view name, const std::optional<std::int64_t>& number
) {
    if (number) {
        append_number(out, name, *number);
    } else {
        append_raw(out, name, "null");
    }
}

void append_text_or_null(std::string& out, std::string_view name, std::string_view text) {
    if (text.empty()) {
        append_raw(out, name, "null");
    } else {
        append_text(out, name, text);
    }
}

/// What a line costs, as far as it is known.
struct LinePrice {
    std::optional<ProductFacts> product;
    std::optional<std::int64_t> unit_cents;
    std::string currency;  // of the unit; empty: not known
    std::optional<LineAmounts> amounts;
};

LinePrice price_of(const LineTerms& terms, std::string_view currency, const FindProduct& find) {
    LinePrice price;
    price.product = find(terms.product_id, terms.clubify_product_id);
    if (terms.price_cents) {
        price.unit_cents = terms.price_cents;
        price.currency = currency;
    } else if (price.product && price.product->price_cents) {
        price.unit_cents = price.product->price_cents;
        price.currency = price.product->currency;
    }
    if (price.unit_cents) {
        price.amounts = line_amounts(
            *price.unit_cents, terms.quantity, terms.discount_type, terms.discount_value
        );
    }
    return price;
}

}  // namespace

HeldProduct held_product(const std::string& product_id, const FindProduct& find) {
    if (product_id.empty()) return {};
    auto known = find(product_id, "");
    return {true, known ? std::move(known->clubify_product_id) : std::string()};
}

/// Of all lines so far.
struct OfferPricing::Sum {
    Wide cents = 0;
    bool is_known = true;
    Position facts = 0;

    void add(const LinePrice& price, std::string_view currency) {
        if (price.product) facts = std::max(facts, price.product->position);
        if (price.amounts && price.currency == currency) {
            cents += price.amounts->total;
        } else {
            is_known = false;
        }
    }

    std::optional<std::int64_t> total() const {
        return is_known ? round_div(cents, 1, Rounding::half_away) : std::nullopt;
    }
};

std::string OfferPricing::priced_lines(
    std::string_view products, std::string_view currency, const FindProduct& find, Sum& sum
) {
    std::string out = "[";
    for (json::value element : lines_.open_array(products)) {
        auto line = object_of(element);
        const std::string_view text = line.raw_json();
        line.reset();
        const auto price = price_of(read_terms(line), currency, find);
        sum.add(price, currency);
        if (out.size() > 1) out += ',';
        out += text.substr(0, text.rfind('}'));
        append_text_or_null(out, "name", price.product ? price.product->name : "");
        append_text_or_null(out, "currency", price.currency);
        append_number_or_null(out, "unit_cents", price.unit_cents);
        const auto& amounts = price.amounts;
        append_number_or_null(
            out, "discount_cents", amounts ? std::optional(amounts->discount) : std::nullopt
        );
        append_number_or_null(
            out, "total_cents", amounts ? std::optional(amounts->total) : std::nullopt
        );
        out += '}';
    }
    out += ']';
    return out;
}

PricedBody OfferPricing::price_body(std::string_view body, const FindProduct& find) {
    PricedBody priced;
    auto& out = priced.body;
    out.reserve(body.size() + 512);
    out = '{';
    std::string currency;
    for (auto field : body_.open(body)) {
        const std::string name(std::string_view(field.unescaped_key()));
        json::value value = field.value();
        if (name == "products") {
            Sum sum;
            append_raw(out, name, priced_lines(raw_of(value), currency, find, sum));
            append_number_or_null(out, "total_cents", sum.total());
            priced.facts = sum.facts;
            continue;
        }
        const auto raw = raw_of(value);
        if (name == "currency") currency = raw.substr(1, raw.size() - 2);
        append_raw(out, name, raw);
    }
    out += '}';
    return priced;
}

std::optional<std::int64_t> OfferPricing::total_of(std::string_view body, const FindProduct& find) {
    Sum sum;
    std::string currency;
    for (auto field : body_.open(body)) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "currency") currency = text_of(value);
        if (name != "products") continue;
        for (json::value element : array_of(value))
            sum.add(price_of(read_terms(object_of(element)), currency, find), currency);
        break;
    }
    return sum.total();
}

bool OfferPricing::holds(std::string_view body, const HeldProduct& product) {
    if (!product.is_asked) return true;
    for (auto field : body_.open(body)) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name != "products") continue;
        for (json::value element : array_of(value)) {
            if (product.is(read_terms(object_of(element)).clubify_product_id)) return true;
        }
        break;
    }
    return false;
}

}  // namespace vitrine::projections
