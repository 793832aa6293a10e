#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/offers.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, 11> layout_types{
    "single_column",
    "two_column",
    "multi_step",
    "custom",
    "three_column",
    "sidebar_left",
    "sidebar_right",
    "full_width",
    "single-column",
    "two-column",
    "default"
};
constexpr std::array<std::string_view, 4> attested_layout_types{
    "single_column", "two_column", "multi_step", "custom"
};

constexpr std::string_view presets = R"([
{"name":"light","type":"predefined","colors":{"primary":"#2563eb","background":"#ffffff","text":"#111827"}},
{"name":"dark","type":"predefined","colors":{"primary":"#60a5fa","background":"#0f172a","text":"#f8fafc"}},
{"name":"modern","type":"predefined","colors":{"primary":"#7c3aed","background":"#fafafa","text":"#18181b"}},
{"name":"premium","type":"predefined","colors":{"primary":"#b45309","background":"#1c1917","text":"#fafaf9"}},
{"name":"custom","type":"custom","colors":{}}])";

void check_theme(const Call& /*call*/, Json& theme, FieldErrors& errors) {
    Checker check(theme, "theme.", errors);
    check.object("colors");
    check.object("fonts");
}

void check_layout(const Call& call, Json& layout, FieldErrors& errors) {
    Checker check(layout, "layout.", errors);
    if (call.world.strict) {
        check.require("type");
        check.one_of("type", attested_layout_types);
    } else {
        check.one_of("type", layout_types);
    }
}

using CheckPart = void (*)(const Call&, Json&, FieldErrors&);

/// Merges the part, one level deep, and answers the whole offer. Lenient: the part may come without
/// its wrapper.
Result put_part(Call& call, const char* name, CheckPart check_part) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    Checker check(call.body, "", errors);
    check.object(name);
    if (call.world.strict) check.require(name);
    auto* wrapped = check.find(name);
    auto& given = wrapped ? *wrapped : call.body;
    if (errors.empty()) check_part(call, given, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto offer = load(**row);
    auto& part = offer[name];
    if (!part.is_object()) part = Json::object();
    for (auto it = given.begin(); it != given.end(); ++it) part[it.key()] = std::move(it.value());
    return store_changed(call, Kind::offers, offer);
}

Result part_of(const Row& row, const char* name) {
    const auto offer = load(row);
    const auto* part = member(offer, name);
    return Reply{200, part && part->is_object() ? part->dump() : "{}"};
}

Result get_part(const Call& call, const char* name) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    return part_of(**row, name);
}

Result get_public_part(const Call& call, const char* name) {
    const auto* row = find_public(call);
    if (!row) return std::unexpected(not_found("Offer"));
    return part_of(*row, name);
}

Result put_theme(Call& call) {
    return put_part(call, "theme", check_theme);
}
Result put_layout(Call& call) {
    return put_part(call, "layout", check_layout);
}
Result get_theme(Call& call) {
    return get_part(call, "theme");
}
Result get_layout(Call& call) {
    return get_part(call, "layout");
}
Result get_public_theme(Call& call) {
    return get_public_part(call, "theme");
}
Result get_public_layout(Call& call) {
    return get_public_part(call, "layout");
}

Result get_presets(Call& call) {
    const auto list = Json::parse(presets);
    if (call.query("format") == "array") return Reply{200, list.dump()};
    return Reply{200, envelope(list.dump(), list.size(), 1, 20)};
}

constexpr std::array routes{
    Route{"PUT", "/offers/{id}/config/theme", put_theme},
    Route{"PUT", "/offers/{id}/config/layout", put_layout},
    Route{"GET", "/offers/{id}/config/theme", get_theme},
    Route{"GET", "/offers/{id}/config/layout", get_layout},
    Route{"PUT", "/offers/{id}/theme", put_theme},
    Route{"PUT", "/offers/{id}/layout", put_layout},
    Route{"PUT", "/offers/{id}/theme/apply", put_theme, Access::tenant, true},
    Route{"POST", "/offers/{id}/theme/apply", put_theme, Access::tenant, true},
    Route{"GET", "/offers/public/{slug}/theme", get_public_theme, Access::open},
    Route{"GET", "/offers/public/{slug}/layout", get_public_layout, Access::open},
    Route{"GET", "/offers/themes/presets", get_presets},
};

}  // namespace

std::span<const Route> offer_design_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
