#include "projections/offer_analytics/state.hpp"

#include "projections/payload.hpp"

namespace vitrine::projections {

std::string render_lines(const std::vector<PricedLine>& lines) {
    std::string out = "[";
    for (const auto& line : lines) {
        if (out.size() > 1) out += ',';
        std::string object = "{";
        append_text(object, "clubify_product_id", line.clubify_product_id);
        append_text(object, "product_id", line.product_id);
        if (line.offer_price) append_number(object, "offer_price", *line.offer_price);
        if (line.shown_price) append_number(object, "shown_price", *line.shown_price);
        append_text(object, "shown_currency", line.shown_currency);
        out += object;
        out += '}';
    }
    out += ']';
    return out;
}

std::string render_counts(const std::map<std::string, std::int64_t, std::less<>>& counts) {
    std::string out = "{";
    for (const auto& [name, count] : counts) append_number(out, name, count);
    out += '}';
    return out;
}

}  // namespace vitrine::projections
