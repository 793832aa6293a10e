#include "queries/bumps/bumps_json.hpp"

#include <utility>

#include "core/json_append.hpp"

namespace vitrine::queries {
namespace {

void append_time(std::string& out, std::string_view name, const std::optional<Timestamp>& time) {
    if (time) {
        append_text(out, name, format_time(*time));
    } else {
        append_raw(out, name, "null");
    }
}

void append_cents(
    std::string& out, std::string_view name, const std::optional<std::int64_t>& cents
) {
    if (cents) {
        append_number(out, name, *cents);
    } else {
        append_raw(out, name, "null");
    }
}

}  // namespace

void append_reasons(std::string& out, const std::vector<rules::bumps::Reason>& reasons) {
    append_name(out, "reasons");
    out += '[';
    bool is_first = true;
    for (const auto& reason : reasons) {
        if (!std::exchange(is_first, false)) out += ',';
        out += '{';
        append_text(out, "rule", reason.rule);
        append_number(out, "revision", reason.revision);
        append_text(out, "op", reason.op);
        append_raw(out, "expected", reason.expected.text);
        append_raw(out, "actual", reason.actual.text);
        append_raw(out, "pass", reason.pass ? "true" : "false");
        out += '}';
    }
    out += ']';
}

void append_decision(
    std::string& out,
    const rules::bumps::Decision& decision,
    const rules::prices::Source::UnitPrice& unit
) {
    const auto& bump = *decision.rule;
    append_text(out, "bump", bump.bump);
    append_text(out, "product_id", bump.product_id.view());
    append_text(out, "name", unit.name);
    append_raw(out, "show", decision.show ? "true" : "false");
    append_cents(out, "price_cents", decision.price_cents);
    append_cents(out, "full_cents", decision.full_cents);
    append_time(out, "discount_ends_at", decision.discount_ends_at);
    append_time(out, "next_change_at", decision.next_change_at);
    append_name(out, "design");
    out += '{';
    append_text(out, "template", bump.design.template_name);
    append_text(out, "position", bump.design.position);
    append_text(out, "animation", bump.design.animation);
    out += '}';
    append_reasons(out, decision.reasons);
}

const rules::prices::Source::UnitPrice& unit_of(
    const rules::bumps::Source::Known& known, const events::Bump& bump
) {
    const auto& bumps = known.rulebook->bumps;
    return known.units.at(static_cast<std::size_t>(&bump - bumps.data()));
}

}  // namespace vitrine::queries
