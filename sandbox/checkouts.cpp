#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sandbox/checkouts.hpp"
#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/sales_routes.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, 21> attested{
    "offer_id",           "customer_id", "pricing",    "metadata",      "layout",
    "order_bumps",        "ml_insights", "expires_in", "utm_source",    "utm_medium",
    "utm_campaign",       "utm_data",    "customer",   "payment",       "billing_address",
    "shipping_address",   "items",       "tenant_id",  "redirect_urls", "products",
    "order_bump_accepted"
};
constexpr std::array<Alias, 6> aliases{{
    {"offerId", "offer_id"},
    {"customerId", "customer_id"},
    {"orderBumps", "order_bumps"},
    {"mlInsights", "ml_insights"},
    {"expiresIn", "expires_in"},
    {"idempotencyKey", "idempotency_key"},
}};
constexpr std::array<std::string_view, 4> handled_apart{
    "pricing", "expires_in", "tenant_id", "idempotency_key"
};
constexpr std::int64_t default_lifetime = 3600;

void read_checkout(Call& call, FieldErrors& errors) {
    auto& body = call.body;
    use_attested_names(body, {attested, aliases}, call.world.strict, "", errors);
    Checker check(body, "", errors);
    check.require("offer_id");
    check.text("offer_id", 1, 64);
    check.text("customer_id", 1, 64);
    check.integer("expires_in", 1, 30 * 24 * 3600);
    for (const auto* name : {"pricing", "metadata", "layout", "ml_insights", "utm_data"}) {
        check.object(name);
    }
    check.list("order_bumps");
    for (const auto* name : {"utm_source", "utm_medium", "utm_campaign"}) check.text(name, 0, 100);
    auto* pricing = check.find("pricing");
    if (!pricing || !pricing->is_object()) return;
    Checker amounts(*pricing, "pricing.", errors);
    for (const auto* name : {"subtotal", "discount", "shipping", "tax", "total"}) {
        amounts.cents(name);
    }
}

std::int64_t whole_of(const Json& object, std::string_view name, std::int64_t otherwise) {
    const auto* value = member(object, name);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
}

double number_of(const Json& object, std::string_view name) {
    const auto* value = member(object, name);
    return value && value->is_number() ? value->get<double>() : 0;
}

std::int64_t less(std::int64_t price, std::string_view type, double value) {
    if (type == "percentage") {
        return std::llround(static_cast<double>(price) * (100 - value) / 100);
    }
    if (type.empty()) return price;
    return std::max<std::int64_t>(0, price - static_cast<std::int64_t>(value));
}

Json item_of(const Call& call, const Json& line, const char* type) {
    auto id = text_of(line, "productId");
    if (id.empty()) id = text_of(line, "product_id");
    const auto* row = call.world.state.table(Kind::products).find(call.space, id);
    const auto product = row ? load(*row) : Json::object();
    const auto price = whole_of(line, "customPrice", whole_of(product, "price", 0));
    const auto unit = less(price, text_of(line, "discountType"), number_of(line, "discountValue"));
    const auto quantity = whole_of(line, "quantity", 1);
    auto item = Json::object();
    item["product_id"] = id;
    item["name"] = text_of(product, "name");
    item["product_name"] = text_of(product, "name");
    item["quantity"] = quantity;
    item["unit_price"] = unit;
    item["total_price"] = unit * quantity;
    item["total_amount"] = unit * quantity;
    item["type"] = type;
    return item;
}

/// A bump in the body: its id, or the bump itself.
Json bump_of(const Call& call, const Json& given) {
    if (!given.is_string()) return given;
    const auto* row = call.world.state.table(Kind::order_bumps)
                          .find(call.space, given.get_ref<const std::string&>());
    return row ? load(*row) : Json::object();
}

void add_items(const Call& call, const Json& offer, Json& checkout) {
    auto items = Json::array();
    for (const auto& line : offer.at("products")) items.push_back(item_of(call, line, "product"));
    if (const auto* bumps = member(call.body, "order_bumps"); bumps && bumps->is_array()) {
        for (const auto& given : *bumps) {
            auto bump = bump_of(call, given);
            if (bump.contains("discount_percentage")) {
                bump["discountType"] = "percentage";
                bump["discountValue"] = bump.at("discount_percentage");
            }
            items.push_back(item_of(call, bump, "order_bump"));
        }
    }
    checkout["items"] = std::move(items);
}

void add_pricing(const Call& call, const Json& offer, Json& checkout) {
    std::int64_t sum = 0;
    for (const auto& item : checkout.at("items")) sum += whole_of(item, "total_price", 0);
    const auto* given = member(call.body, "pricing");
    auto pricing = given ? *given : Json::object();
    const auto total = whole_of(pricing, "total", sum);
    auto currency = std::string(text_of(pricing, "currency"));
    if (currency.empty()) currency = text_of(offer, "currency");
    if (currency.empty()) currency = "BRL";
    pricing["total"] = total;
    pricing["currency"] = currency;
    checkout["pricing"] = std::move(pricing);
    checkout["total_amount"] = total;
    checkout["currency"] = std::move(currency);
}

Result create(Call& call) {
    FieldErrors errors;
    read_checkout(call, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto& body = call.body;
    const auto& state = call.world.state;
    const auto* offer_row = state.table(Kind::offers).find(call.space, text_of(body, "offer_id"));
    if (!offer_row) return std::unexpected(not_found("Offer"));
    if (offer_row->facets.status != "active") {
        return std::unexpected(bad_request("Offer is not published", "offer_not_published"));
    }
    const auto customer = text_of(body, "customer_id");
    if (!customer.empty() && !state.table(Kind::customers).find(call.space, customer)) {
        return std::unexpected(not_found("Customer"));
    }
    const auto offer = load(*offer_row);
    auto checkout = new_object(call);
    const auto id = checkout.at("_id").get<std::string>();
    const auto token = "cs_" + Random(call.world.seed, std::hash<std::string>{}(id)).hex(64);
    const std::chrono::seconds lifetime(whole_of(body, "expires_in", default_lifetime));
    checkout["checkout_id"] = id;
    checkout["status"] = "active";
    checkout["token"] = token;
    checkout["checkout_url"] =
        "https://checkout.clubify.com/" + offer_row->facets.slug + "?session=" + token;
    checkout["personalized"] = body.contains("ml_insights") || body.contains("layout");
    add_items(call, offer, checkout);
    add_pricing(call, offer, checkout);
    merge(checkout, body, handled_apart);
    checkout["order_id"] = nullptr;
    checkout["expires_at"] = format_time(call.now() + lifetime);
    auto reply = store(call, Kind::checkouts, checkout, 201);
    tell(call, "checkout.created", checkout);
    return reply;
}

/// The checkout, expired if its time is over.
std::expected<Json, Refusal> find_checkout(Call& call) {
    const auto row = find_row(call, Kind::checkouts, "Checkout");
    if (!row) return std::unexpected(row.error());
    auto checkout = load(**row);
    const auto expires = parse_time(text_of(checkout, "expires_at"));
    if (text_of(checkout, "status") == "active" && expires && *expires <= call.now()) {
        checkout["status"] = "expired";
        store_changed(call, Kind::checkouts, checkout);
        tell(call, "checkout.expired", checkout);
    }
    return checkout;
}

Refusal wrong_state(const Json& checkout, const char* asked) {
    return conflict(
        "Checkout is " + std::string(text_of(checkout, "status")) + ": cannot " + asked,
        "checkout_state",
        "status",
        std::string(text_of(checkout, "_id")),
        "Create another checkout"
    );
}

Result get(Call& call) {
    const auto checkout = find_checkout(call);
    if (!checkout) return std::unexpected(checkout.error());
    return Reply{200, checkout->dump()};
}

Result get_status(Call& call) {
    const auto checkout = find_checkout(call);
    if (!checkout) return std::unexpected(checkout.error());
    auto status = Json::object();
    status["id"] = checkout->at("_id");
    for (const auto* name : {"status", "order_id", "expires_at"}) status[name] = checkout->at(name);
    return Reply{200, status.dump()};
}

/// The payment that it is completed with; nullopt: it is paid as the platform sees to it.
std::expected<std::optional<Json>, Refusal> payment_for(const Call& call, const Json& checkout) {
    const auto id = text_of(call.body, "transaction_id");
    if (id.empty()) return std::nullopt;
    auto payment = find_payment(call, id);
    if (!payment) return std::unexpected(not_found("Payment"));
    if (!is_captured(*payment))
        return std::unexpected(bad_request("The payment is not captured", "payment_not_captured"));
    if (payment->at("amount") != checkout.at("total_amount"))
        return std::unexpected(bad_request("The payment is of another amount", "payment_amount"));
    if (const auto order = text_of(*payment, "order_id"); !order.empty())
        return std::unexpected(bad_request("The payment has an order already", "payment_used"));
    return payment;
}

Result complete(Call& call) {
    auto checkout = find_checkout(call);
    if (!checkout) return std::unexpected(checkout.error());
    const auto status = text_of(*checkout, "status");
    if (status == "completed") {
        const auto order = text_of(*checkout, "order_id");
        return Reply{200, call.world.state.table(Kind::orders).find(call.space, order)->text};
    }
    if (status != "active") return std::unexpected(wrong_state(*checkout, "complete"));
    auto payment = payment_for(call, *checkout);
    if (!payment) return std::unexpected(payment.error());
    auto order = make_order(call, *checkout, *payment);
    (*checkout)["status"] = "completed";
    (*checkout)["order_id"] = order.at("_id");
    (*checkout)["completed_at"] = format_time(call.now());
    store_changed(call, Kind::checkouts, *checkout);
    tell(call, "checkout.confirmed", *checkout);
    if (*payment) join_order(call, **payment, order);
    return place_order(call, order);
}

Result cancel(Call& call) {
    auto checkout = find_checkout(call);
    if (!checkout) return std::unexpected(checkout.error());
    const auto status = text_of(*checkout, "status");
    if (status == "cancelled") return Reply{200, checkout->dump()};
    if (status != "active") return std::unexpected(wrong_state(*checkout, "cancel"));
    (*checkout)["status"] = "cancelled";
    (*checkout)["cancelled_at"] = format_time(call.now());
    auto reply = store_changed(call, Kind::checkouts, *checkout);
    auto told = *checkout;
    told["reason"] = "cancelled";
    tell(call, "checkout.failed", told);
    return reply;
}

Result list(Call& call) {
    const auto filters = common_filters(call);
    if (!filters) return std::unexpected(filters.error());
    return list_rows(call, Kind::checkouts, with_metadata(call, *filters));
}

constexpr std::array routes{
    Route{"POST", "/checkout/sessions", create},
    Route{"GET", "/checkout/sessions", list},
    Route{"POST", "/checkout", create, Access::tenant, true},
    Route{"POST", "/checkout/personalized", create, Access::tenant, true},
    Route{"GET", "/checkout/{id}", get},
    Route{"GET", "/checkout/{id}/status", get_status},
    Route{"POST", "/checkout/{id}/complete", complete},
    Route{"POST", "/checkout/{id}/cancel", cancel},
};

}  // namespace

std::span<const Route> checkout_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
