#include "gateways/pagarme/hook.hpp"

#include <algorithm>
#include <array>

#include "gateways/rest/json_reader.hpp"

namespace vitrine::pagarme {
namespace {

using rest::Json;
using rest::text_of;

/// What is not here is told by its own name, and is a reason to look as well.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> signals{{
    {"order.created", "payment.created"},
    {"charge.paid", "payment.paid"},
    {"charge.overpaid", "payment.paid"},
    {"order.paid", "payment.paid"},
    {"charge.payment_failed", "payment.failed"},
    {"order.payment_failed", "payment.failed"},
    {"charge.refunded", "payment.refunded"},
    {"charge.partial_canceled", "payment.refunded"},
    {"charge.chargedback", "payment.disputed"},
    {"order.canceled", "payment.cancelled"},
    {"charge.canceled", "payment.cancelled"},
}};

std::string signal_of(const std::string& type) {
    const auto* found = std::ranges::find(signals, type, &decltype(signals)::value_type::first);
    return found == signals.end() ? type : std::string(found->second);
}

/// An object of that name; an empty one where there is none.
Json part(const Json& json, const char* name) {
    const auto* found = rest::find(json, {name});
    return found != nullptr && found->is_object() ? *found : Json::object();
}

std::string checkout_in(const Json& object) {
    return text_of(part(object, "metadata"), {"saga_id"});
}

std::string charge_in(const Json& data) {
    const auto* charges = rest::find(data, {"charges"});
    if (charges == nullptr) return text_of(data, {"id"});
    const bool names_one = charges->is_array() && !charges->empty() && charges->back().is_object();
    return names_one ? text_of(charges->back(), {"id"}) : std::string();
}

}  // namespace

std::optional<Hook> read_hook(const Json& body) {
    Hook hook;
    hook.id = text_of(body, {"id"});
    hook.type = text_of(body, {"type"});
    if (hook.id.empty() || hook.type.empty()) return std::nullopt;
    hook.signal = signal_of(hook.type);
    const auto data = part(body, "data");
    hook.charge_id = charge_in(data);
    hook.checkout_id = checkout_in(data);
    if (hook.checkout_id.empty()) hook.checkout_id = checkout_in(part(data, "order"));
    return hook;
}

}  // namespace vitrine::pagarme
