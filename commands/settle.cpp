#include "commands/settle.hpp"

#include <algorithm>

#include "commands/json.hpp"

namespace vitrine::commands {
namespace {

using clubify::Account;
using clubify::Clubify;
using clubify::RemoteOffer;

boost::asio::awaitable<Settled> by_slug(
    Clubify* clubify, Account account, std::string slug, CommandId command_id
) {
    auto looking = clubify->find_offer_by_slug(std::move(account), std::move(slug));
    const auto found = co_await std::move(looking);
    if (!found) co_return LookUpFailed{found.error()};
    if (!*found) co_return StepAbsent{};
    if ((*found)->mark.command_id != command_id.str()) co_return StepForeign{};
    co_return StepDone{(*found)->id.str()};
}

boost::asio::awaitable<Settled> by_mark(Clubify* clubify, Account account, CommandId command_id) {
    for (int page = 1;; ++page) {
        const auto found = co_await clubify->list_products(account, page);
        if (!found) co_return LookUpFailed{found.error()};
        for (const auto& product : found->products) {
            if (product.mark.command_id == command_id.str()) co_return StepDone{product.id.str()};
        }
        if (found->last) co_return StepAbsent{};
    }
}

boost::asio::awaitable<Settled> by_product(
    Clubify* clubify, Account account, std::string id, CommandId command_id
) {
    const auto found = co_await clubify->find_product(std::move(account), ClubifyId(std::move(id)));
    if (!found) co_return LookUpFailed{found.error()};
    if (!*found) co_return StepMissing{};
    if ((*found)->mark.edited_by == command_id.str()) co_return StepDone{};
    co_return StepAbsent{};
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

bool happened(const RemoteOffer& offer, const Step& step, const CommandId& command_id) {
    const auto line =
        std::ranges::find(offer.products, ClubifyId(step.wanted), &RemoteOffer::Product::id);
    switch (step.settle) {
        case Settle::offer_edit_mark:
            return offer.mark.edited_by == command_id.str();
        case Settle::offer_status:
            return offer.status == step.wanted;
        case Settle::offer_has_product:
            return line != offer.products.end();
        case Settle::offer_lacks_product:
            return line == offer.products.end();
        case Settle::offer_product_as_sent:
            return line != offer.products.end() && as_sent(*line, step.call.body);
        case Settle::offer_by_slug:
        case Settle::product_by_mark:
        case Settle::product_edit_mark:
        case Settle::repeat:
            break;
    }
    return false;
}

boost::asio::awaitable<Settled> by_offer(
    Clubify* clubify, Account account, Step step, CommandId command_id
) {
    auto looking = clubify->find_offer(std::move(account), ClubifyId(step.subject));
    const auto found = co_await std::move(looking);
    if (!found) co_return LookUpFailed{found.error()};
    if (!*found) co_return StepMissing{};
    if (happened(**found, step, command_id)) co_return StepDone{};
    co_return StepAbsent{};
}

boost::asio::awaitable<Settled> absent() {
    co_return StepAbsent{};
}

}  // namespace

boost::asio::awaitable<Settled> settle(
    Clubify& clubify, Account account, Step step, CommandId command_id
) {
    switch (step.settle) {
        case Settle::offer_by_slug:
            return by_slug(&clubify, std::move(account), std::move(step.subject), command_id);
        case Settle::product_by_mark:
            return by_mark(&clubify, std::move(account), command_id);
        case Settle::product_edit_mark:
            return by_product(&clubify, std::move(account), std::move(step.subject), command_id);
        case Settle::repeat:
            return absent();
        default:
            return by_offer(&clubify, std::move(account), std::move(step), command_id);
    }
}

}  // namespace vitrine::commands
