#pragma once

#include <string>

#include "gateways/clubify/account.hpp"
#include "gateways/clubify/call.hpp"
#include "gateways/clubify/clubify.hpp"
#include "gateways/effects.hpp"

namespace vitrine::clubify {

/// How the outcome of a call is found out when its answer was lost, and so whether it may be sent
/// again. Stands in the journal by its name.
enum class Settle {
    offer_by_slug,    // GET /offers/slug/{subject}, before every send too: the slug is unique there
    product_by_mark,  // GET /products, paged, for the command id: no natural key, so a settle time
                      // passes first
    product_edit_mark,  // GET /products/{subject}: edited_by is this command
    offer_edit_mark,    // GET /offers/{subject}: edited_by is this command
    offer_status,       // GET /offers/{subject}: its status is `wanted`
    offer_has_product,  // GET /offers/{subject}: has the product `wanted`
    offer_lacks_product,
    offer_product_as_sent,  // GET /offers/{subject}: the product `wanted` has what the body says
    customer,  // GET /customers/email/{subject}, or /customers/{wanted}: command_id is this command
    checkout,  // GET /checkout/sessions for the saga_id `subject`: one that is open
    checkout_completed,  // GET /checkout/{subject}
    checkout_cancelled,
    repeat,  // does what it does, however often: sent again
};

/// `subject` and `wanted` may be what an earlier step gives, as the call's path may.
gateways::Effect effect(
    Call call, Settle settle, std::string subject = {}, std::string wanted = {}
);

/// Effects on the platform.
class ClubifyEffects : public gateways::Effects {
public:
    ClubifyEffects(Clubify& clubify, Accounts accounts);

    gateways::Manner manner(const gateways::Effect& effect) const override;
    asio::awaitable<gateways::Sent> send(gateways::Effect effect, gateways::EffectOrigin origin)
        override;
    asio::awaitable<gateways::Settled> settle(
        gateways::Effect effect, gateways::EffectOrigin origin
    ) override;

private:
    Clubify& clubify_;
    Accounts accounts_;
};

}  // namespace vitrine::clubify
