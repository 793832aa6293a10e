#include "gateways/clubify/customer_effects.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/shortest_numbers.hpp"
#include "gateways/clubify/customers.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/refusals.hpp"
#include "gateways/clubify/sent.hpp"

namespace vitrine::clubify {
namespace {

using gateways::Effect;
using gateways::EffectOrigin;
using gateways::Sent;
using Json = nlohmann::ordered_json;

using Found = Result<std::optional<RemoteCustomer>>;

bool is_of_one(const Effect& effect) {
    return !effect.wanted.empty();
}

Question<RemoteCustomer> question_of(const Effect& effect) {
    auto question = is_of_one(effect) ? get_customer(ClubifyId(effect.wanted))
                                      : find_customer_by_email(effect.subject);
    question.call.fresh = true;
    return question;
}

asio::awaitable<Found> find(Clubify* clubify, Account account, Effect effect) {
    return look_for(clubify, std::move(account), question_of(effect));
}

const Json* member(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
}

std::string our_id_in(const Json& customer) {
    const Json::json_pointer path("/metadata/vitrine/customer_id");
    return customer.contains(path) && customer.at(path).is_string()
               ? customer.at(path).get<std::string>()
               : std::string();
}

/// What others have written there stays, where it is not ours yet.
void keep_theirs(Json& body, const Json& theirs) {
    if (our_id_in(theirs) == our_id_in(body)) return;
    if (const auto* metadata = member(theirs, "metadata"); metadata && metadata->is_object()) {
        auto kept = *metadata;
        kept.update(body["metadata"]);
        body["metadata"] = std::move(kept);
    }
    const auto* tags = member(theirs, "tags");
    if (tags == nullptr || !tags->is_array() || !body.contains("tags")) return;
    auto& ours = body["tags"];
    for (const auto& tag : *tags) {
        if (std::ranges::find(ours, tag) == ours.end()) ours.push_back(tag);
    }
}

Call call_for(const Effect& effect, const std::optional<RemoteCustomer>& found) {
    if (!found) return make_call("POST", "/customers", effect.body);
    if (is_of_one(effect)) return make_call("PUT", path_of("customers", found->id), effect.body);
    auto body = Json::parse(effect.body.text);
    keep_theirs(body, Json::parse(found->json.text));
    return make_call(
        "PUT", path_of("customers", found->id), JsonText(with_shortest_numbers(body.dump()))
    );
}

gateways::Refused missing() {
    return {missing_there(Settle::customer)};
}

/// Nothing was sent yet.
Sent not_looked_up(const CallError& error) {
    if (error.kind == CallError::Kind::credentials || error.kind == CallError::Kind::refused)
        return gateways::Refused{refusal_of(Settle::customer, error)};
    return gateways::NotSent{{not_done(error), error.retry_after}};
}

}  // namespace

Effect put_customer(JsonText body, const std::string& email) {
    return effect(make_call("PUT", "/customers", std::move(body)), Settle::customer, email);
}

Effect change_customer(JsonText body, const ClubifyId& id) {
    return effect(
        make_call("PUT", path_of("customers", id), std::move(body)), Settle::customer, {}, id.str()
    );
}

asio::awaitable<Sent> send_customer(
    Clubify& clubify, Account account, Effect effect, EffectOrigin origin
) {
    for (bool is_first = true;; is_first = false) {
        auto looking = find(&clubify, account, effect);
        const auto found = co_await std::move(looking);
        if (!found) co_return not_looked_up(found.error());
        if (!*found && is_of_one(effect)) co_return missing();
        if (*found && (*found)->mark.command_id == origin.command_id.str())
            co_return gateways::Done{(*found)->id.str()};
        auto call = call_for(effect, *found);
        identify(call, origin);
        auto sending = clubify.send(account, std::move(call));
        const auto answer = co_await std::move(sending);
        // Somebody else was quicker to create one.
        if (!answer && answer.error().status == 409 && !*found && is_first) continue;
        if (!answer) co_return sent_of(answer.error(), Settle::customer, {});
        auto id = *found ? (*found)->id.str() : id_in(*answer);
        if (id.empty()) co_return gateways::Unknown{};  // a 2xx without an id: it may be there
        co_return gateways::Done{std::move(id)};
    }
}

asio::awaitable<LookUp> look_up_customer(
    Clubify& clubify, Account account, Effect effect, CommandId command_id
) {
    const bool is_one = is_of_one(effect);
    auto looking = find(&clubify, std::move(account), std::move(effect));
    const auto found = co_await std::move(looking);
    if (!found) co_return found.error();
    if (!*found && is_one) co_return Missing{};
    if (!*found || (*found)->mark.command_id != command_id.str()) co_return gateways::Absent{};
    co_return gateways::Done{(*found)->id.str()};
}

}  // namespace vitrine::clubify
