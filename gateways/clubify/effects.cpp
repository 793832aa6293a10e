#include "gateways/clubify/effects.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "gateways/clubify/checkout_effects.hpp"
#include "gateways/clubify/credentials.hpp"
#include "gateways/clubify/customer_effects.hpp"
#include "gateways/clubify/paths.hpp"
#include "gateways/clubify/refusals.hpp"
#include "gateways/clubify/sent.hpp"
#include "gateways/clubify/settle.hpp"

namespace vitrine::clubify {
namespace {

using gateways::Effect;
using gateways::EffectOrigin;

struct SettleName {
    Settle settle;
    std::string_view name;
};

constexpr std::array settle_names{
    SettleName{Settle::offer_by_slug, "offer_by_slug"},
    SettleName{Settle::product_by_mark, "product_by_mark"},
    SettleName{Settle::product_edit_mark, "product_edit_mark"},
    SettleName{Settle::offer_edit_mark, "offer_edit_mark"},
    SettleName{Settle::offer_status, "offer_status"},
    SettleName{Settle::offer_has_product, "offer_has_product"},
    SettleName{Settle::offer_lacks_product, "offer_lacks_product"},
    SettleName{Settle::offer_product_as_sent, "offer_product_as_sent"},
    SettleName{Settle::customer, "customer"},
    SettleName{Settle::checkout, "checkout"},
    SettleName{Settle::checkout_completed, "checkout_completed"},
    SettleName{Settle::checkout_cancelled, "checkout_cancelled"},
    SettleName{Settle::repeat, "repeat"},
};

Settle settle_of(const Effect& effect) {
    const auto* found = std::ranges::find(settle_names, effect.settle, &SettleName::name);
    if (found == settle_names.end())
        throw std::runtime_error("a step in the journal has an unknown word: " + effect.settle);
    return found->settle;
}

gateways::Refused without_account() {
    return {{"clubify-credentials", 502, "credentials", no_credentials()}};
}

gateways::Settled settled_of(LookUp found, const Effect& effect, Settle settle) {
    if (auto* done = std::get_if<gateways::Done>(&found)) return std::move(*done);
    if (std::holds_alternative<gateways::Absent>(found)) return gateways::Absent{};
    if (std::holds_alternative<Foreign>(found))
        return gateways::Refused{slug_taken_there(effect.subject)};
    if (std::holds_alternative<Missing>(found)) return gateways::Refused{missing_there(settle)};
    const auto& error = std::get<CallError>(found);
    const bool is_final =
        error.kind == CallError::Kind::credentials || error.kind == CallError::Kind::refused;
    return gateways::LookUpFailed{
        {is_final ? refusal_of(settle, error) : not_done(error), error.retry_after}, is_final
    };
}

}  // namespace

Effect effect(Call call, Settle settle, std::string subject, std::string wanted) {
    return {
        connector,
        std::move(call.method),
        std::move(call.path),
        std::move(call.body),
        std::string(std::ranges::find(settle_names, settle, &SettleName::settle)->name),
        std::move(subject),
        std::move(wanted)
    };
}

ClubifyEffects::ClubifyEffects(Clubify& clubify, Accounts accounts)
    : clubify_(clubify), accounts_(std::move(accounts)) {}

gateways::Manner ClubifyEffects::manner(const Effect& effect) const {
    switch (settle_of(effect)) {
        case Settle::offer_by_slug:
            return {.creates = true, .asks_first = true};
        case Settle::product_by_mark:
            return {.creates = true, .appears_late = true};
        case Settle::checkout:
            return {.creates = true, .appears_late = true};
        default:
            return {};
    }
}

asio::awaitable<gateways::Sent> ClubifyEffects::send(Effect effect, EffectOrigin origin) {
    auto account = accounts_(origin.tenant);
    if (!account) co_return without_account();
    if (settle_of(effect) == Settle::customer) {
        auto sending =
            send_customer(clubify_, *std::move(account), std::move(effect), std::move(origin));
        co_return co_await std::move(sending);
    }
    const auto settle = settle_of(effect);
    if (settle == Settle::checkout) effect.body = with_tenant(effect.body, account->context);
    auto call = make_call(effect.method, effect.path, effect.body);
    identify(call, origin);
    auto sending = clubify_.send(*std::move(account), std::move(call));
    const auto answer = co_await std::move(sending);
    const auto how = manner(effect);
    if (!answer) co_return sent_of(answer.error(), settle, how);
    if (is_of_checkout(settle)) co_return checkout_sent(settle, *answer);
    if (!how.creates) co_return gateways::Done{};
    auto id = id_in(*answer);
    if (id.empty()) co_return gateways::Unknown{};  // a 2xx without an id: it may be there
    co_return gateways::Done{std::move(id)};
}

asio::awaitable<gateways::Settled> ClubifyEffects::settle(Effect effect, EffectOrigin origin) {
    auto account = accounts_(origin.tenant);
    if (!account) co_return without_account();
    const auto settle = settle_of(effect);
    auto looking = look_up(clubify_, *std::move(account), settle, effect, origin.command_id);
    auto found = co_await std::move(looking);
    co_return settled_of(std::move(found), effect, settle);
}

}  // namespace vitrine::clubify
