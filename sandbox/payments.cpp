#include "sandbox/payments.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/sales_routes.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, 17> attested{
    "amount",
    "currency",
    "payment_method",
    "card_token",
    "capture",
    "installments",
    "pix",
    "boleto",
    "checkout_id",
    "order_id",
    "customer_id",
    "metadata",
    "description",
    "soft_descriptor",
    "billing_address",
    "customer",
    "reason"
};
constexpr std::array<std::string_view, 3> methods{"credit_card", "pix", "boleto"};
constexpr std::array<std::string_view, 3> currencies{"BRL", "USD", "EUR"};
constexpr std::array<std::string_view, 1> reais{"BRL"};
constexpr std::int64_t default_pix_seconds = 3600;
constexpr std::int64_t default_boleto_seconds = 3 * 24 * 3600;
constexpr std::chrono::seconds silence{60};

std::int64_t number_in(const Json& object, std::string_view name, std::int64_t otherwise) {
    const auto* value = member(object, name);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
}

std::int64_t cents_in(const Json& payment, const char* name) {
    return payment.at(name).get<std::int64_t>();
}

std::string_view status_of(const Json& payment) {
    return text_of(payment, "status");
}

bool is_pending(const Json& payment) {
    const auto status = status_of(payment);
    return status == "pending" || status == "requires_action";
}

void read_payment(Call& call, FieldErrors& errors) {
    auto& body = call.body;
    if (body.contains("card") || body.contains("card_data")) {
        errors.push_back({"card_data", "Card data is not accepted here: send a token", "token_only"}
        );
        return;
    }
    use_attested_names(body, {attested, {}}, call.world.strict, "", errors);
    Checker check(body, "", errors);
    for (const auto* name : {"amount", "currency", "payment_method"}) check.require(name);
    check.integer("amount", 1, 100'000'000'000);
    check.one_of("payment_method", methods);
    const auto method = text_of(body, "payment_method");
    if (method == "credit_card") {
        check.one_of("currency", currencies);
        check.require("card_token");
        check.text("card_token", 10, 200);
        check.integer("installments", 1, 24);
    } else if (!method.empty()) {
        check.one_of("currency", reais);
    }
    check.boolean("capture");
    check.object("metadata");
    check.object("pix");
    check.object("boleto");
    if (auto* pix = check.find("pix"); pix && pix->is_object())
        Checker(*pix, "pix.", errors).integer("expires_in", 60, 86'400);
    if (auto* boleto = check.find("boleto"); boleto && boleto->is_object())
        Checker(*boleto, "boleto.", errors).integer("expires_in", 3600, 90 * 86'400);
}

/// Members that the documented receivers of events look for.
Json told_of(const Json& payment) {
    auto told = payment;
    told["transaction_id"] = payment.at("_id");
    told["method"] = payment.at("payment_method");
    if (const auto order = text_of(payment, "order_id"); !order.empty()) told["orderId"] = order;
    return told;
}

void tell_of(const Call& call, const char* event, const Json& payment) {
    tell(call, event, told_of(payment));
}

void pay(Call& call, Json& payment) {
    payment["status"] = "paid";
    payment["captured_amount"] = payment.at("amount");
    payment["paid_at"] = format_time(call.now());
    store_changed(call, Kind::payments, payment);
    tell_of(call, "payment.paid", payment);
}

void decline(Json& payment, const char* code, bool retryable) {
    payment["status"] = "failed";
    payment["code"] = code;
    payment["retryable"] = retryable;
}

std::string digits(const Call& call, const Json& payment, std::size_t count) {
    Random random(call.world.seed, std::hash<std::string>{}(payment.at("_id").get<std::string>()));
    std::string text;
    for (const char c : random.hex(count)) text += static_cast<char>('0' + (c % 10));
    return text;
}

/// What the buyer pays with, for methods that are paid later.
void issue(const Call& call, const Json& body, Json& payment) {
    const auto method = text_of(payment, "payment_method");
    const bool is_pix = method == "pix";
    const auto* asked = member(body, method);
    const auto lasts = number_in(
        asked && asked->is_object() ? *asked : Json::object(),
        "expires_in",
        is_pix ? default_pix_seconds : default_boleto_seconds
    );
    const auto until = call.now() + std::chrono::seconds(lasts);
    payment["status"] = "pending";
    payment["expires_at"] = format_time(until);
    const auto id = payment.at("_id").get<std::string>();
    if (is_pix) {
        const auto code = "00020126580014br.gov.bcb.pix0136" + id + "5204000053039865802BR6304" +
                          digits(call, payment, 4);
        payment["pix"] = {
            {"qr_code", code},
            {"qr_code_url", "https://pix.clubify.com/" + id + ".svg"},
            {"expires_at", format_time(until)}
        };
    } else {
        payment["boleto"] = {
            {"line", digits(call, payment, 47)},
            {"url", "https://boleto.clubify.com/" + id + ".pdf"},
            {"due_date", format_time(until).substr(0, 10)}
        };
    }
}

/// Stand-ins of cards, by how their token begins. Others are no cards.
Result charge_card(Json& payment, std::string_view token, bool captures) {
    Reply reply{201, {}};
    if (token.starts_with("tok_declined")) {
        decline(payment, "card_declined", false);
    } else if (token.starts_with("tok_insufficient")) {
        decline(payment, "insufficient_funds", true);
    } else if (token.starts_with("tok_3ds")) {
        payment["status"] = "requires_action";
        payment["action"] = {
            {"type", "3ds"},
            {"url", "https://3ds.clubify.com/" + payment.at("_id").get<std::string>()}
        };
    } else if (token.starts_with("tok_approved") || token.starts_with("tok_timeout")) {
        payment["status"] = captures ? "paid" : "authorized";
        if (token.starts_with("tok_timeout")) reply.after = silence;
    } else {
        FieldErrors errors;
        errors.push_back({"card_token", "card_token is not known", "unknown_token"});
        return std::unexpected(bad_fields(std::move(errors)));
    }
    if (status_of(payment) == "paid") payment["captured_amount"] = payment.at("amount");
    return reply;
}

Result create(Call& call) {
    FieldErrors errors;
    read_payment(call, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    const auto& body = call.body;
    auto payment = new_object(call);
    payment["status"] = "pending";
    payment["amount"] = body.at("amount");
    payment["captured_amount"] = 0;
    payment["refunded_amount"] = 0;
    payment["currency"] = body.at("currency");
    payment["payment_method"] = body.at("payment_method");
    payment["method"] = body.at("payment_method");
    payment["installments"] = number_in(body, "installments", 1);
    for (const auto* name : {"checkout_id", "order_id", "customer_id", "metadata"}) {
        if (const auto* given = member(body, name)) payment[name] = *given;
    }
    payment["refunds"] = Json::array();
    Result reply = Reply{201, {}};
    if (text_of(body, "payment_method") == "credit_card") {
        const auto* capture = member(body, "capture");
        reply = charge_card(payment, text_of(body, "card_token"), !capture || capture->get<bool>());
        if (!reply) return reply;
    } else {
        issue(call, body, payment);
    }
    const auto stored = store(call, Kind::payments, payment, 201);
    reply->body = stored.body;
    const auto status = status_of(payment);
    if (status == "authorized") tell_of(call, "payment.authorized", payment);
    if (status == "paid") tell_of(call, "payment.paid", payment);
    if (status == "failed") tell_of(call, "payment.failed", payment);
    if (status == "requires_action") tell_of(call, "payment.action_required", payment);
    return reply;
}

Refusal wrong_state(const Json& payment, const char* asked) {
    return conflict(
        "Payment is " + std::string(status_of(payment)) + ": cannot " + asked,
        "payment_state",
        "status",
        std::string(text_of(payment, "_id")),
        "Look at the payment"
    );
}

/// The payment, expired if its time is over.
std::expected<Json, Refusal> payment_of(Call& call) {
    auto payment = find_payment(call, call.args.front());
    if (!payment) return std::unexpected(not_found("Payment"));
    const auto until = parse_time(text_of(*payment, "expires_at"));
    if (status_of(*payment) == "pending" && until && *until <= call.now()) {
        (*payment)["status"] = "expired";
        store_changed(call, Kind::payments, *payment);
        tell_of(call, "payment.cancelled", *payment);
    }
    return *std::move(payment);
}

Result get(Call& call) {
    const auto payment = payment_of(call);
    if (!payment) return std::unexpected(payment.error());
    return Reply{200, payment->dump()};
}

Result capture(Call& call) {
    auto payment = payment_of(call);
    if (!payment) return std::unexpected(payment.error());
    if (is_captured(*payment)) return Reply{200, payment->dump()};
    if (status_of(*payment) != "authorized")
        return std::unexpected(wrong_state(*payment, "capture"));
    const auto amount = number_in(call.body, "amount", cents_in(*payment, "amount"));
    if (amount != cents_in(*payment, "amount"))
        return std::unexpected(bad_request("Only the whole amount is captured", "partial_capture"));
    pay(call, *payment);
    return Reply{200, payment->dump()};
}

Result void_payment(Call& call) {
    auto payment = payment_of(call);
    if (!payment) return std::unexpected(payment.error());
    if (status_of(*payment) == "voided") return Reply{200, payment->dump()};
    if (status_of(*payment) != "authorized" && !is_pending(*payment))
        return std::unexpected(wrong_state(*payment, "void"));
    (*payment)["status"] = "voided";
    store_changed(call, Kind::payments, *payment);
    tell_of(call, "payment.cancelled", *payment);
    return Reply{200, payment->dump()};
}

/// `metadata.key=` and the like, besides what every list filters by.
Result list(Call& call) {
    const auto common = common_filters(call);
    if (!common) return std::unexpected(common.error());
    return list_rows(call, Kind::payments, with_metadata(call, *common));
}

void refund_order_of(Call& call, const Json& payment) {
    const auto* row =
        call.world.state.table(Kind::orders).find(call.space, text_of(payment, "order_id"));
    if (row == nullptr) return;
    auto order = load(*row);
    order["status"] = status_of(payment) == "refunded" ? "refunded" : "completed";
    order["payment_status"] = status_of(payment);
    order["refunded_amount"] = payment.at("refunded_amount");
    order["refunds"] = payment.at("refunds");
    store_changed(call, Kind::orders, order);
    auto told = order;
    told["orderId"] = order.at("_id");
    told["order_id"] = order.at("_id");
    tell(call, "order.refunded", told);
}

Result give_back(Call& call, Json payment) {
    FieldErrors errors;
    constexpr std::array<std::string_view, 2> refund_members{"amount", "reason"};
    use_attested_names(call.body, {refund_members, {}}, call.world.strict, "", errors);
    Checker(call.body, "", errors).integer("amount", 1);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    const auto left = cents_in(payment, "captured_amount") - cents_in(payment, "refunded_amount");
    const auto amount = number_in(call.body, "amount", left);
    const auto status = status_of(payment);
    if (status != "paid" && status != "partially_refunded")
        return std::unexpected(wrong_state(payment, "refund"));
    if (text_of(payment, "payment_method") == "boleto")
        return std::unexpected(bad_request("A boleto cannot be given back", "no_refund_rail"));
    if (amount > left)
        return std::unexpected(
            bad_request("More than what is left of the payment", "refund_too_high")
        );
    auto refund = Json::object();
    refund["id"] = call.world.new_id();
    refund["amount"] = amount;
    refund["reason"] = text_of(call.body, "reason");
    refund["key"] = call.request.headers.find("Idempotency-Key").value_or("");
    refund["created_at"] = format_time(call.now());
    payment["refunds"].push_back(std::move(refund));
    payment["refunded_amount"] = cents_in(payment, "refunded_amount") + amount;
    payment["status"] = amount == left ? "refunded" : "partially_refunded";
    store_changed(call, Kind::payments, payment);
    tell_of(call, "payment.refunded", payment);
    refund_order_of(call, payment);
    return Reply{200, payment.dump()};
}

constexpr std::array routes{
    Route{"POST", "/payments", create},
    Route{"GET", "/payments", list},
    Route{"GET", "/payments/{id}", get},
    Route{"POST", "/payments/{id}/capture", capture},
    Route{"POST", "/payments/{id}/void", void_payment},
};

/// What happens to a payment by the act; nullopt: it cannot, as it is.
std::optional<const char*> changed_by(Call& call, std::string_view act, Json& payment) {
    const auto status = status_of(payment);
    if (act == "pay" && status == "requires_action") {
        payment["status"] = "authorized";
        return "payment.authorized";
    }
    if (act == "pay" && (is_pending(payment) || status == "expired")) {
        payment["status"] = "paid";
        payment["captured_amount"] = payment.at("amount");
        payment["paid_at"] = format_time(call.now());
        return "payment.paid";
    }
    if (act == "expire" && is_pending(payment)) {
        payment["status"] = "expired";
        return "payment.cancelled";
    }
    if (act == "fail" && (is_pending(payment) || status == "authorized")) {
        decline(payment, "card_declined", false);
        return "payment.failed";
    }
    if (act == "pay" && status == "disputed") {  // the bank decides for the seller
        payment["status"] = "paid";
        return "payment.paid";
    }
    if (act == "fail" && status == "disputed") {  // and for the buyer
        payment["status"] = "refunded";
        payment["refunded_amount"] = payment.at("captured_amount");
        return "payment.refunded";
    }
    if (act == "chargeback" && is_captured(payment)) {
        payment["status"] = "disputed";
        return "payment.failed";
    }
    return std::nullopt;
}

}  // namespace

std::optional<Json> find_payment(const Call& call, std::string_view id) {
    const auto* row = call.world.state.table(Kind::payments).find(call.space, id);
    return row ? std::optional(load(*row)) : std::nullopt;
}

bool is_captured(const Json& payment) {
    return status_of(payment) == "paid";
}

void join_order(Call& call, Json& payment, const Json& order) {
    payment["order_id"] = order.at("_id");
    payment["offer_id"] = order.at("offer_id");
    store_changed(call, Kind::payments, payment);
}

std::optional<Result> refund_payment(Call& call, std::string_view id) {
    if (auto payment = find_payment(call, id)) return give_back(call, *std::move(payment));
    const auto* order = call.world.state.table(Kind::orders).find(call.space, id);
    if (order == nullptr) return std::nullopt;
    auto payment = find_payment(call, text_of(load(*order), "transaction_id"));
    if (!payment) return std::nullopt;
    return give_back(call, *std::move(payment));
}

Result act_on_payment(World& world, const std::string& id, const Json& input) {
    const auto rows = world.state.table(Kind::payments).all();
    const auto found = std::ranges::find(rows, id, [](const Row* row) { return row->id; });
    if (found == rows.end()) return std::unexpected(not_found("Payment"));
    const net::Request request;
    const net::Target target;
    auto body = Json::object();
    Call call{
        .world = world,
        .request = request,
        .target = target,
        .args = {id},
        .body = body,
        .grant = {},
        .space = (*found)->space
    };
    auto payment = load(**found);
    const auto act = text_of(input, "act");
    const auto event = changed_by(call, act, payment);
    if (!event) return std::unexpected(wrong_state(payment, "do that"));
    store_changed(call, Kind::payments, payment);
    tell_of(call, *event, payment);
    return Reply{200, payment.dump()};
}

std::span<const Route> payment_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
