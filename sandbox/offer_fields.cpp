#include "sandbox/offer_fields.hpp"

#include <nlohmann/json.hpp>

#include "sandbox/objects.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, 4> attested_types{
    "single", "combo", "subscription", "bundle"
};
constexpr std::array<std::string_view, 10> all_types{
    "single",
    "combo",
    "subscription",
    "bundle",
    "single_product",
    "funnel",
    "complex_funnel",
    "service",
    "course",
    "saas_product"
};

// `currency` is not attested on the wire, but cents without one mean little: every mode takes it.
constexpr std::array<std::string_view, 16> attested{
    "name",
    "slug",
    "description",
    "type",
    "settings",
    "theme",
    "layout",
    "seo",
    "tracking",
    "metadata",
    "isActive",
    "products",
    "product_id",
    "price",
    "currency",
    "idempotency_key"
};
constexpr std::array<Alias, 4> aliases{{
    {"is_active", "isActive"},
    {"active", "isActive"},
    {"start_date", "startDate"},
    {"end_date", "endDate"},
}};
constexpr std::array<std::string_view, 4> currencies{"BRL", "USD", "EUR", "GBP"};

}  // namespace

std::string canonical_offer_type(std::string_view type) {
    if (type == "single_product") return "single";
    if (type == "complex_funnel") return "funnel";
    return std::string(type);
}

void read_offer(Call& call, bool creates, FieldErrors& errors) {
    auto& body = call.body;
    const bool strict = call.world.strict;
    use_attested_names(body, {attested, aliases}, strict, "", errors);
    Checker check(body, "", errors);
    if (creates || body.contains("name")) check.require("name");
    check.text("name", 2, 255);
    check.slug("slug");
    check.text("description", 0, 1000);
    if (strict) {
        check.one_of("type", attested_types);
    } else {
        check.one_of("type", all_types);
    }
    check.one_of("status", offer_states);
    check.one_of("currency", currencies);
    check.boolean("isActive");
    for (const auto* name :
         {"settings",
          "theme",
          "layout",
          "seo",
          "tracking",
          "metadata",
          "flow_configuration",
          "configuration"}) {
        check.object(name);
    }
    check.list("products");
    if (auto* price = check.find("price")) {
        if (price->is_object()) {
            Checker(*price, "price.", errors).cents("amount");
        } else {
            check.cents("price");
        }
    }
}

void set_offer_status(Json& offer, std::string_view status, Timestamp now) {
    const bool active = status == "active";
    if (active && text_of(offer, "status") != "active") {
        set_time(offer, "publishedAt", "published_at", now);
    }
    offer["status"] = status;
    offer["isActive"] = active;
    offer["active"] = active;
}

std::string wished_status(const Json& input, std::string_view current) {
    if (const auto status = text_of(input, "status"); !status.empty()) return std::string(status);
    const auto* flag = member(input, "isActive");
    if (!flag || !flag->is_boolean()) return {};
    if (flag->get<bool>()) return "active";
    return current == "active" ? "paused" : "";
}

}  // namespace vitrine::sandbox
