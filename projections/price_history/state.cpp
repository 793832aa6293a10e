#include "projections/price_history/state.hpp"

namespace vitrine::projections {

std::string render_lines(const std::vector<PricedLine>& lines) {
    std::string out = "[";
    for (const auto& line : lines) {
        if (out.size() > 1) out += ',';
        std::string object = "{";
        append_text(object, "clubify_product_id", line.clubify_product_id);
        append_text(object, "product_id", line.product_id);
        if (line.offer_price) append_number(object, "offer_price", *line.offer_price);
        append_number(object, "quantity", line.quantity);
        append_text(object, "discount_type", line.discount_type);
        append_text(object, "discount_value", line.discount_value);
        if (line.shown_price) append_number(object, "shown_price", *line.shown_price);
        if (line.shown_effective) append_number(object, "shown_effective", *line.shown_effective);
        append_text(object, "shown_currency", line.shown_currency);
        out += object;
        out += '}';
    }
    out += ']';
    return out;
}

std::vector<PricedLine> read_lines(json::object object) {
    std::vector<PricedLine> lines;
    for (auto element : object["lines"].get_array()) {
        auto& line = lines.emplace_back();
        for (auto field : element.get_object()) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (name == "clubify_product_id") line.clubify_product_id = text_of(value);
            if (name == "product_id") line.product_id = text_of(value);
            if (name == "offer_price") line.offer_price = value.get_int64();
            if (name == "quantity") line.quantity = value.get_int64();
            if (name == "discount_type") line.discount_type = text_of(value);
            if (name == "discount_value") line.discount_value = text_of(value);
            if (name == "shown_price") line.shown_price = value.get_int64();
            if (name == "shown_effective") line.shown_effective = value.get_int64();
            if (name == "shown_currency") line.shown_currency = text_of(value);
        }
    }
    return lines;
}

}  // namespace vitrine::projections
