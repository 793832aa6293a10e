#include "commands/webhooks/delivery.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "commands/json.hpp"
#include "commands/webhooks/members.hpp"
#include "commands/webhooks/order_facts.hpp"
#include "core/sha256.hpp"
#include "events/codec.hpp"

namespace vitrine::commands {
namespace {

constexpr std::string_view odd_prefix = "id-";
constexpr std::string_view told_prefix = "told-";
constexpr std::size_t digest_size = 64;

/// What a sender may write anew for each attempt, in small letters only.
constexpr std::string_view volatile_names[] = {
    "attempt",
    "attempts",
    "attemptcount",
    "attemptnumber",
    "attemptno",
    "deliveryattempt",
    "deliveryattempts",
    "deliveryid",
    "deliverytime",
    "deliveredat",
    "deliverytimestamp",
    "retry",
    "retries",
    "retrycount",
    "retrynumber",
    "isretry",
    "retriedat",
    "sentat",
    "senttime",
    "sendtime",
    "timestamp",
    "webhookid",
    "webhookdeliveryid",
    "requestid",
    "correlationid",
    "traceid",
    "traceparent",
    "nonce",
    "signature",
    "try",
    "tries",
    "trycount",
    "trynumber",
    "tryno",
    "numtries",
    "numberoftries",
    "numattempts",
    "numberofattempts",
    "attemptcounter",
    "retryattempt",
    "retryattempts",
    "retryno",
    "retrycounter",
    "numretries",
    "numberofretries",
    "redelivery",
    "redeliveries",
    "redelivered",
    "redeliverycount",
    "isredelivery",
    "deliverycount",
    "deliverynumber",
    "sendcount",
    "sends",
    "resent",
    "resends",
};

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

bool is_volatile(std::string_view name) {
    auto letters = lower_case(name);
    std::erase_if(letters, [](char c) { return c == '_' || c == '-'; });
    return std::ranges::find(volatile_names, letters) != std::end(volatile_names);
}

/// Members in the order of their names, without those that a retry changes.
nlohmann::json canonical(const Json& value) {
    if (value.is_array()) {
        auto list = nlohmann::json::array();
        for (const auto& each : value) list.push_back(canonical(each));
        return list;
    }
    if (!value.is_object()) return value;
    auto object = nlohmann::json::object();
    for (const auto& member : value.items()) {
        if (!is_volatile(member.key())) object[member.key()] = canonical(member.value());
    }
    return object;
}

/// What the delivery says, as one text: of what is understood that, else its data.
std::string what_it_says(const Delivery& delivery, const Json& data) {
    if (delivery.order) {
        auto said = *delivery.order;
        said.sent_at = {};
        said.delivery_id.clear();
        // How the rest of an order is written may change from one attempt to the next.
        said.lines.clear();
        said.discount_cents = said.shipping_cents = std::nullopt;
        said.clubify_customer_id.reset();
        said.payment_method.reset();
        said.placed_at.reset();
        const auto encoded = events::encode(said);
        return encoded.type + ' ' + encoded.data;
    }
    return delivery.event + ' ' + canonical(data).dump();
}

bool looks_like_a_digest(std::string_view text) {
    return text.size() == digest_size && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// Whether an id of the platform can stand for itself: not if it could be taken for one of ours.
bool stands_for_itself(std::string_view id) {
    if (!is_plain_id(id) || looks_like_a_digest(id)) return false;
    return !id.starts_with(odd_prefix) && !id.starts_with(told_prefix);
}

/// nullopt: it has none.
std::optional<std::string> id_of(const Json& body) {
    const auto* told = any_member(body, {"id"});
    if (told == nullptr) return std::nullopt;
    auto id = as_text(*told);
    if (id && !stands_for_itself(*id)) return std::string(odd_prefix) + sha256_hex(*id);
    return id;
}

/// Nothing that was understood is one; whether the rest matters nobody knows.
bool has_number_out_of_range(const Body& body) {
    return std::ranges::any_of(body.inexact_numbers, [](const Fault& fault) {
        return fault.code == "number_out_of_range";
    });
}

std::optional<Timestamp> time_in(const Json& body) {
    const auto* time = any_member(body, {"timestamp"});
    if (time == nullptr) return std::nullopt;
    if (time->is_string()) return parse_webhook_time(time->get_ref<const std::string&>());
    return parse_webhook_time(time->dump());
}

}  // namespace

std::optional<Timestamp> parse_webhook_time(std::string_view text) {
    double seconds = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc() || rest != end) return parse_time(text);
    // Beyond this the microseconds would overflow.
    if (!(seconds >= 0) || seconds > 253'402'300'799.0) return std::nullopt;
    return Timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

std::expected<Delivery, Fault> parse_delivery(std::string_view raw_body) {
    const auto read = read_body(raw_body);
    if (!read) return std::unexpected(read.error());
    const auto* body = &read->json;
    Delivery delivery;
    if (const auto event = any_text(*body, {"event", "type"}); event && is_plain_id(*event)) {
        delivery.event = lower_case(*event);
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
    auto facts = read_order_facts(delivery.event, *data);
    delivery.order = std::move(facts.order);
    delivery.stream = std::move(facts.stream);
    delivery.ignored = std::move(facts.ignored);
    delivery.unclear = std::move(facts.unclear);
    if (delivery.unclear.empty() && has_number_out_of_range(*read))
        delivery.unclear = {
            "a number in it is larger than any that is kept",
            "um número nela é maior do que qualquer um que se guarda"
        };
    delivery.id =
        id_of(*body).value_or(std::string(told_prefix) + sha256_hex(what_it_says(delivery, *data)));
    if (delivery.order) {
        delivery.order->sent_at = delivery.sent_at;
        delivery.order->delivery_id = delivery.id;
    }
    return delivery;
}

std::string distinct_id(const Delivery& delivery) {
    return std::string(odd_prefix) +
           sha256_hex(delivery.id + '\n' + delivery.event + '\n' + delivery.stream);
}

}  // namespace vitrine::commands
