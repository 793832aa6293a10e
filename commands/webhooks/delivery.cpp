#include "commands/webhooks/delivery.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "commands/json.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t longest_id = 200;

struct Meaning {
    std::string_view event;  // the platform's
    const char* type;        // ours
};

/// payment.approved and payment.declined are the names that parts of the platform's documentation
/// use for paid and failed.
constexpr Meaning meanings[] = {
    {"order.created", "ClubifyOrderCreated"},
    {"order.paid", "ClubifyOrderPaid"},
    {"order.completed", "ClubifyOrderCompleted"},
    {"order.cancelled", "ClubifyOrderCancelled"},
    {"order.refunded", "ClubifyOrderRefunded"},
    {"payment.paid", "ClubifyPaymentPaid"},
    {"payment.completed", "ClubifyPaymentPaid"},
    {"payment.approved", "ClubifyPaymentPaid"},
    {"payment.failed", "ClubifyPaymentFailed"},
    {"payment.declined", "ClubifyPaymentFailed"},
    {"payment.refunded", "ClubifyPaymentRefunded"},
};

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

std::string digest_of(std::string_view text) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return to_hex({reinterpret_cast<const char*>(digest), sizeof digest});
}

using Names = std::initializer_list<const char*>;

/// The first of the members that is there; the platform's parts name one thing differently.
const Json* any_member(const Json& json, Names names) {
    if (!json.is_object()) return nullptr;
    for (const char* name : names) {
        if (const auto found = json.find(name); found != json.end() && !found->is_null())
            return &*found;
    }
    return nullptr;
}

std::optional<std::string> any_text(const Json& json, Names names) {
    const auto* found = any_member(json, names);
    if (found == nullptr || !found->is_string()) return std::nullopt;
    auto text = found->get<std::string>();
    if (text.empty()) return std::nullopt;
    return text;
}

std::optional<std::string> id_in(const Json& json, Names names) {
    auto id = any_text(json, names);
    if (id && !is_id(*id)) return std::nullopt;
    return id;
}

const Json& part(const Json& json, const char* name) {
    static const Json nothing = Json::object();
    const auto* found = any_member(json, {name});
    return found == nullptr ? nothing : *found;
}

std::optional<std::string> offer_id_in(const Json& data) {
    const Names names = {"offerId", "offer_id"};
    if (auto id = id_in(data, names)) return id;
    if (auto id = id_in(part(data, "offer"), {"id", "_id"})) return id;
    if (auto id = id_in(part(data, "metadata"), names)) return id;
    if (const auto& items = part(data, "items"); items.is_array()) {
        for (const auto& item : items) {
            if (auto id = id_in(item, names)) return id;
        }
    }
    return std::nullopt;
}

/// Campaign tags stand in the order itself, in its metadata, or in what it calls tracking.
std::optional<std::string> tag_in(const Json& data, const char* utm, const char* plain) {
    for (const auto* place : {&data, &part(data, "metadata"), &part(data, "tracking")}) {
        if (auto tag = any_text(*place, {utm})) return tag;
    }
    return any_text(part(data, "tracking"), {plain});
}

/// Webhooks count in integer cents.
std::expected<std::optional<std::int64_t>, std::string> cents_in(const Json& data, Names names) {
    const auto* amount = any_member(data, names);
    if (amount == nullptr) return std::nullopt;
    if (!amount->is_number_integer() || *amount < 0 || *amount > 1'000'000'000'000)
        return std::unexpected("the amount is not integer cents");
    return amount->get<std::int64_t>();
}

/// Fills `delivery.order`, or says in `delivery.ignored` why not.
void interpret(Delivery& delivery, const Json& data) {
    const auto* meaning = std::ranges::find(meanings, delivery.event, &Meaning::event);
    if (meaning == std::end(meanings)) {
        delivery.ignored = "no event of ours comes of " + delivery.event;
        return;
    }
    events::ClubifyOrderEvent order;
    order.type = meaning->type;
    const bool payment = delivery.event.starts_with("payment.");
    const bool refund = delivery.event.ends_with(".refunded");
    if (payment) {
        order.payment_id = id_in(data, {"paymentId", "payment_id", "id", "_id"});
        order.order_id = id_in(data, {"orderId", "order_id"});
    } else {
        order.order_id = id_in(data, {"orderId", "order_id", "id", "_id"});
    }
    const auto& subject = payment ? order.payment_id : order.order_id;
    if (!subject) {
        delivery.ignored = payment ? "it names no payment" : "it names no order";
        return;
    }
    const auto whole = cents_in(data, {"total_amount", "total", "amount"});
    const auto given_back =
        cents_in(data, {"refunded_amount", "refundedAmount", "refund_amount", "refundAmount"});
    if (!whole || !given_back) {
        delivery.ignored = whole ? given_back.error() : whole.error();
        return;
    }
    order.amount_cents = refund && *given_back ? *given_back : *whole;
    order.currency = any_text(data, {"currency"});
    if (auto offer = offer_id_in(data)) order.clubify_offer_id.emplace(*std::move(offer));
    order.source = tag_in(data, "utm_source", "source");
    order.medium = tag_in(data, "utm_medium", "medium");
    order.campaign = tag_in(data, "utm_campaign", "campaign");
    order.sent_at = delivery.sent_at;
    order.delivery_id = delivery.id;
    delivery.stream = (payment ? "payment-" : "order-") + *subject;
    delivery.order = std::move(order);
}

std::optional<Timestamp> time_in(const Json& body) {
    const auto* time = any_member(body, {"timestamp"});
    if (time == nullptr) return std::nullopt;
    if (time->is_string()) return parse_webhook_time(time->get_ref<const std::string&>());
    return parse_webhook_time(time->dump());
}

}  // namespace

std::optional<Timestamp> parse_webhook_time(std::string_view text) {
    std::int64_t seconds = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc() || rest != end) return parse_time(text);
    // Beyond this the microseconds would overflow.
    if (seconds < 0 || seconds > 253'402'300'799) return std::nullopt;
    return Timestamp(std::chrono::seconds(seconds));
}

std::expected<Delivery, Fault> parse_delivery(std::string_view raw_body) {
    const auto body = parse_body(raw_body);
    if (!body) return std::unexpected(body.error());
    Delivery delivery;
    if (auto event = any_text(*body, {"event", "type"}); event && is_id(*event)) {
        delivery.event = *std::move(event);
    } else {
        return std::unexpected(Fault{
            "/event",
            "required",
            {"the name of the event is required", "o nome do evento é obrigatório"}
        });
    }
    const auto time = time_in(*body);
    if (!time) {
        return std::unexpected(Fault{
            "/timestamp",
            "required",
            {"the time of sending is required: epoch seconds or RFC 3339",
             "a hora do envio é obrigatória: segundos desde 1970 ou RFC 3339"}
        });
    }
    delivery.sent_at = *time;
    const auto* data = any_member(*body, {"data"});
    if (data == nullptr || !data->is_object())
        return std::unexpected(
            Fault{"/data", "required", {"an object is required", "um objeto é obrigatório"}}
        );
    delivery.id = id_in(*body, {"id"}).value_or(digest_of(raw_body));
    interpret(delivery, *data);
    return delivery;
}

}  // namespace vitrine::commands
