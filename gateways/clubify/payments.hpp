#pragma once

#include "gateways/clubify/account.hpp"
#include "gateways/clubify/clubify.hpp"
#include "gateways/payments/payments.hpp"

namespace vitrine::clubify {

/// The platform's own payments, as a provider of the port.
///
/// Operation: each request has the key of its effect, under which the platform does it once; a
/// charge is found again by that key in its metadata, a refund by its key. Nothing is ever sent
/// under another key. Concurrency: one loop.
class ClubifyPayments final : public gateways::Effects {
public:
    ClubifyPayments(Clubify& clubify, Accounts accounts)
        : clubify_(clubify), accounts_(std::move(accounts)) {}

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
