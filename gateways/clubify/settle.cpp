#include "gateways/clubify/settle.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "gateways/clubify/checkout_effects.hpp"
#include "gateways/clubify/customer_effects.hpp"

namespace vitrine::clubify {
namespace {

using gateways::Absent;
using gateways::Done;
using gateways::Effect;
using Json = nlohmann::ordered_json;

asio::awaitable<LookUp> by_slug(
    Clubify* clubify, Account account, std::string slug, CommandId command_id
) {
    auto looking = clubify->find_offer_by_slug(std::move(account), std::move(slug));
    const auto found = co_await std::move(looking);
    if (!found) co_return found.error();
    if (!*found) co_return Absent{};
    if ((*found)->mark.command_id != command_id.str()) co_return Foreign{};
    co_return Done{(*found)->id.str()};
}

asio::awaitable<LookUp> by_mark(Clubify* clubify, Account account, CommandId command_id) {
    for (int page = 1;; ++page) {
        const auto found = co_await clubify->list_products(account, page);
        if (!found) co_return found.error();
        for (const auto& product : found->products) {
            if (product.mark.command_id == command_id.str()) co_return Done{product.id.str()};
        }
        if (found->last) co_return Absent{};
    }
}

asio::awaitable<LookUp> by_product(
    Clubify* clubify, Account account, std::string id, CommandId command_id
) {
    const auto found = co_await clubify->find_product(std::move(account), ClubifyId(std::move(id)));
    if (!found) co_return found.error();
    if (!*found) co_return Missing{};
    if ((*found)->mark.edited_by == command_id.str()) co_return Done{};
    co_return Absent{};
}

/// Has the platform's line what the body of our call says? A null there means that the line lacks
/// it.
bool as_sent(const RemoteOffer::Product& line, const JsonText& body) {
    const auto remote = Json::parse(line.json.text);
    const auto sent = Json::parse(body.text);
    return std::ranges::all_of(sent.items(), [&remote](const auto& member) {
        const auto found = remote.find(member.key());
        if (found == remote.end()) return member.value().is_null();
        return *found == member.value();
    });
}

bool happened(
    const RemoteOffer& offer, Settle settle, const Effect& effect, const CommandId& command_id
) {
    const auto line =
        std::ranges::find(offer.products, ClubifyId(effect.wanted), &RemoteOffer::Product::id);
    switch (settle) {
        case Settle::offer_edit_mark:
            return offer.mark.edited_by == command_id.str();
        case Settle::offer_status:
            return offer.status == effect.wanted;
        case Settle::offer_has_product:
            return line != offer.products.end();
        case Settle::offer_lacks_product:
            return line == offer.products.end();
        case Settle::offer_product_as_sent:
            return line != offer.products.end() && as_sent(*line, effect.body);
        case Settle::offer_by_slug:
        case Settle::product_by_mark:
        case Settle::product_edit_mark:
        case Settle::customer:
        case Settle::checkout:
        case Settle::checkout_completed:
        case Settle::checkout_cancelled:
        case Settle::repeat:
            break;
    }
    return false;
}

asio::awaitable<LookUp> by_offer(
    Clubify* clubify, Account account, Settle settle, Effect effect, CommandId command_id
) {
    auto looking = clubify->find_offer(std::move(account), ClubifyId(effect.subject));
    const auto found = co_await std::move(looking);
    if (!found) co_return found.error();
    if (!*found) co_return Missing{};
    if (happened(**found, settle, effect, command_id)) co_return Done{};
    co_return Absent{};
}

asio::awaitable<LookUp> absent() {
    co_return Absent{};
}

}  // namespace

asio::awaitable<LookUp> look_up(
    Clubify& clubify, Account account, Settle settle, Effect effect, CommandId command_id
) {
    switch (settle) {
        case Settle::offer_by_slug:
            return by_slug(&clubify, std::move(account), std::move(effect.subject), command_id);
        case Settle::product_by_mark:
            return by_mark(&clubify, std::move(account), command_id);
        case Settle::product_edit_mark:
            return by_product(&clubify, std::move(account), std::move(effect.subject), command_id);
        case Settle::customer:
            return look_up_customer(clubify, std::move(account), std::move(effect), command_id);
        case Settle::checkout:
        case Settle::checkout_completed:
        case Settle::checkout_cancelled:
            return look_up_checkout(clubify, std::move(account), settle, std::move(effect));
        case Settle::repeat:
            return absent();
        default:
            return by_offer(&clubify, std::move(account), settle, std::move(effect), command_id);
    }
}

}  // namespace vitrine::clubify
