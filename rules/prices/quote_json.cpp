#include "rules/prices/quote_json.hpp"

#include "core/json_append.hpp"

namespace vitrine::rules::prices {
namespace {

template <class Values, class Append>
void append_list(std::string& out, std::string_view name, const Values& values, Append append) {
    append_name(out, name);
    out += '[';
    bool is_first = true;
    for (const auto& each : values) {
        if (!std::exchange(is_first, false)) out += ',';
        out += '{';
        append(out, each);
        out += '}';
    }
    out += ']';
}

void append_line(std::string& out, const QuotedLine& line) {
    if (line.product_id) {
        append_text(out, "product_id", line.product_id->view());
    } else {
        append_raw(out, "product_id", "null");
    }
    append_text(out, "clubify_product_id", line.clubify_product_id.view());
    if (line.sku) append_text(out, "sku", *line.sku);
    if (!line.name.empty()) append_text(out, "name", line.name);
    append_number(out, "quantity", line.quantity);
    append_number(out, "unit_cents", line.unit_cents);
    append_number(out, "subtotal_cents", line.subtotal_cents);
    append_number(out, "discount_cents", line.discount_cents);
    append_number(out, "total_cents", line.total_cents);
    if (line.bump) append_text(out, "bump", *line.bump);
}

void append_stage(std::string& out, const Stage& stage) {
    append_text(out, "stage", stage.stage);
    append_text(out, "rule", stage.rule);
    append_number(out, "revision", static_cast<std::int64_t>(stage.revision));
    if (stage.line) append_number(out, "line", *stage.line);
    append_number(out, "base_cents", stage.base_cents);
    append_number(out, "delta_cents", stage.delta_cents);
    if (stage.capped) append_raw(out, "capped", "true");
}

void append_installments(std::string& out, const Installments& one) {
    append_number(out, "count", one.count);
    append_number(out, "first_cents", one.first_cents);
    append_number(out, "each_cents", one.each_cents);
    append_number(out, "total_cents", one.total_cents);
    append_number(out, "interest_cents", one.interest_cents);
    append_number(out, "monthly_rate_ppm", one.monthly_rate_ppm);
}

}  // namespace

std::string quote_json(const Quote& quote) {
    std::string out;
    out.reserve(
        512 + 320 * quote.lines.size() + 192 * quote.stages.size() + 128 * quote.installments.size()
    );
    out = '{';
    append_text(out, "currency", quote.currency);
    append_list(out, "lines", quote.lines, append_line);
    append_list(out, "stages", quote.stages, append_stage);
    append_number(out, "subtotal_cents", quote.subtotal_cents);
    append_number(out, "discount_cents", quote.discount_cents);
    append_number(out, "shipping_cents", quote.shipping_cents);
    append_number(out, "interest_cents", quote.interest_cents);
    append_number(out, "total_cents", quote.total_cents);
    append_list(out, "installments", quote.installments, append_installments);
    append_text(out, "rounding", quote.rounding);
    append_text(out, "valid_until", format_time(quote.valid_until));
    return out + '}';
}

}  // namespace vitrine::rules::prices
