#include "gateways/clubify/checkout_effects.hpp"

#include <nlohmann/json.hpp>

#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/sent.hpp"

namespace vitrine::clubify {
namespace {

using Json = nlohmann::ordered_json;

std::string text_in(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

gateways::Done opened(const Json& checkout) {
    auto id = text_in(checkout, "_id");
    if (id.empty()) id = text_in(checkout, "id");
    Json told = Json::object();
    if (auto url = text_in(checkout, "checkout_url"); !url.empty()) told["checkout_url"] = url;
    return {std::move(id), JsonText(told.dump())};
}

asio::awaitable<LookUp> by_saga(Clubify* clubify, Account account, std::string saga_id) {
    auto call = make_call(
        "GET", "/checkout/sessions?metadata.saga_id=" + saga_id + "&sort=-created_at&limit=1"
    );
    call.fresh = true;
    auto sending = clubify->send(std::move(account), std::move(call));
    const auto answer = co_await std::move(sending);
    if (!answer) co_return answer.error();
    const auto json = Json::parse(answer->body.text);
    const auto data = json.is_object() ? json.find("data") : json.end();
    if (data == json.end() || !data->is_array() || data->empty()) co_return gateways::Absent{};
    const auto& checkout = data->front();
    if (!checkout.is_object() || text_in(checkout, "status") != "active")
        co_return gateways::Absent{};
    co_return opened(checkout);
}

asio::awaitable<LookUp> by_status(Clubify* clubify, Account account, Settle settle, ClubifyId id) {
    auto question = get_checkout(id);
    question.call.fresh = true;
    auto looking = look_for(clubify, std::move(account), std::move(question));
    const auto found = co_await std::move(looking);
    if (!found) co_return found.error();
    if (!*found) co_return Missing{};
    const auto& checkout = **found;
    if (settle == Settle::checkout_completed && checkout.status == "completed")
        co_return gateways::Done{checkout.order.str()};
    if (settle == Settle::checkout_cancelled &&
        (checkout.status == "cancelled" || checkout.status == "expired"))
        co_return gateways::Done{};
    co_return gateways::Absent{};
}

}  // namespace

gateways::Effect open_checkout(const CheckoutFields& fields, const std::string& saga_id) {
    return effect(create_checkout(fields).call, Settle::checkout, saga_id);
}

gateways::Effect complete_checkout_with(const ClubifyId& id, const std::string& transaction) {
    auto call = complete_checkout(id).call;
    if (!transaction.empty()) call.body = JsonText(Json{{"transaction_id", transaction}}.dump());
    return effect(std::move(call), Settle::checkout_completed, id.str());
}

gateways::Effect cancel_open_checkout(const ClubifyId& id) {
    return effect(cancel_checkout(id).call, Settle::checkout_cancelled, id.str());
}

bool is_of_checkout(Settle settle) {
    return settle == Settle::checkout || settle == Settle::checkout_completed ||
           settle == Settle::checkout_cancelled;
}

JsonText with_tenant(const JsonText& body, const JsonText& context) {
    if (context.empty()) return body;
    auto json = Json::parse(body.text);
    json["metadata"]["tenant_context"] = Json::parse(context.text);
    return JsonText(json.dump());
}

gateways::Sent checkout_sent(Settle settle, const Answer& answer) {
    if (settle == Settle::checkout_cancelled) return gateways::Done{};
    auto id = id_in(answer);
    if (id.empty()) return gateways::Unknown{};  // a 2xx without an id: it may be there
    if (settle == Settle::checkout) return opened(Json::parse(answer.body.text));
    return gateways::Done{std::move(id)};
}

asio::awaitable<LookUp> look_up_checkout(
    Clubify& clubify, Account account, Settle settle, gateways::Effect effect
) {
    if (settle == Settle::checkout)
        return by_saga(&clubify, std::move(account), std::move(effect.subject));
    return by_status(&clubify, std::move(account), settle, ClubifyId(std::move(effect.subject)));
}

}  // namespace vitrine::clubify
