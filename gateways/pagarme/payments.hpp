#pragma once

#include "gateways/pagarme/pagarme.hpp"
#include "gateways/payments/buyer.hpp"
#include "gateways/payments/payments.hpp"

namespace vitrine::pagarme {

/// Pagar.me v5 as a provider of the port of payments.
///
/// Operation: each request has the key of its effect, under which Pagar.me does it once for a day
/// and repeats its first answer; a charge is found again by its order's code, a refund by the sum
/// of what went back. Before a charge is let go of it is looked at: cancelling one that was paid
/// would give the money back. Who buys is asked for when a charge is sent, and kept nowhere.
/// Concurrency: one loop.
class PagarmePayments final : public gateways::Effects {
public:
    PagarmePayments(Pagarme& pagarme, Accounts accounts, payments::Buyers buyers)
        : pagarme_(pagarme), accounts_(std::move(accounts)), buyers_(std::move(buyers)) {}

    gateways::Manner manner(const gateways::Effect& effect) const override;
    asio::awaitable<gateways::Sent> send(gateways::Effect effect, gateways::EffectOrigin origin)
        override;
    asio::awaitable<gateways::Settled> settle(
        gateways::Effect effect, gateways::EffectOrigin origin
    ) override;

private:
    Pagarme& pagarme_;
    Accounts accounts_;
    payments::Buyers buyers_;
};

}  // namespace vitrine::pagarme
