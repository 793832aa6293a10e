#include "queries/checkouts/money_check.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "gateways/payments/payments.hpp"
#include "net/timer.hpp"
#include "store/read.hpp"

namespace vitrine::queries {
namespace {

using boost::asio::awaitable;

/// What a provider says of a payment; empty: it knows none.
using Told = std::expected<JsonText, std::string>;

constexpr int most_tries = 5;
constexpr std::chrono::seconds least_pause{1}, most_pause{60};

std::vector<store::RecordedEvent> stream_of(
    store::EventStore& store, const TenantId& tenant, const std::string& checkout
) {
    constexpr std::size_t page = 500;
    std::vector<store::RecordedEvent> all;
    const StreamName stream("sale-" + checkout);
    while (true) {
        auto events =
            store.read_stream(tenant, stream, all.size() + 1, page, store::Direction::forwards);
        const bool is_last = events.size() < page;
        std::ranges::move(events, std::back_inserter(all));
        if (is_last) return all;
    }
}

gateways::EffectOrigin origin_of(const TenantId& tenant, const KnownPayment& payment) {
    gateways::EffectOrigin origin;
    origin.tenant = tenant;
    origin.command_id = CommandId(payment.charge_id);
    origin.step = "check";
    origin.correlation_id = CorrelationId(payment.checkout_id);
    return origin;
}

std::string sentence_of(const KnownPayment& payment, const gateways::Refusal& refusal) {
    return "the payments of " + payment.provider +
           " could not be asked: " + refusal.detail.english();
}

/// A no may be that there is none; not one to whoever asks.
Told told_no(const KnownPayment& payment, const gateways::Refusal& refusal) {
    if (refusal.failure_class == "credentials")
        return std::unexpected(sentence_of(payment, refusal));
    return JsonText();
}

/// nullopt: to be asked again, after the pause that was told.
struct Later {
    std::optional<std::chrono::seconds> pause;
    std::string why;
};
using Asked = std::expected<Told, Later>;

Asked asked_of(const KnownPayment& payment, const gateways::Sent& sent) {
    if (const auto* done = std::get_if<gateways::Done>(&sent)) return Told(done->told);
    if (const auto* no = std::get_if<gateways::Refused>(&sent))
        return told_no(payment, no->refusal);
    const gateways::NotDone* later = std::get_if<gateways::NotSent>(&sent);
    if (later == nullptr) later = std::get_if<gateways::Answered>(&sent);
    if (later == nullptr)
        return std::unexpected(Later{{}, "the payments of " + payment.provider + " do not answer"});
    return std::unexpected(Later{later->retry_after, sentence_of(payment, later->refusal)});
}

Asked asked_of(const KnownPayment& payment, const gateways::Settled& settled) {
    if (const auto* done = std::get_if<gateways::Done>(&settled)) return Told(done->told);
    if (std::holds_alternative<gateways::Absent>(settled)) return Told(JsonText());
    if (const auto* no = std::get_if<gateways::Refused>(&settled))
        return told_no(payment, no->refusal);
    const auto& failed = std::get<gateways::LookUpFailed>(settled);
    auto why = sentence_of(payment, failed.refusal);
    if (failed.is_final) return Told(std::unexpected(std::move(why)));
    return std::unexpected(Later{failed.retry_after, std::move(why)});
}

/// By its id, or by the key under which it was to be made.
awaitable<Asked> ask_once(
    gateways::Effects* provider, TenantId tenant, const KnownPayment* payment
) {
    auto origin = origin_of(tenant, *payment);
    if (!payment->payment_id.empty()) {
        auto looking = provider->send(
            payments::look(payment->provider, payment->payment_id), std::move(origin)
        );
        const auto sent = co_await std::move(looking);
        co_return asked_of(*payment, sent);
    }
    payments::Order order;
    order.charge_id = payment->charge_id;
    auto looking = provider->settle(
        payments::issue(payment->provider, {payment->charge_id}, order), std::move(origin)
    );
    const auto settled = co_await std::move(looking);
    co_return asked_of(*payment, settled);
}

awaitable<Told> ask(
    const gateways::Connectors* connectors, TenantId tenant, const KnownPayment* payment
) {
    const auto found = connectors->find(payments::connector_of(payment->provider));
    if (found == connectors->end())
        co_return std::unexpected("nobody is known by the name of " + payment->provider);
    for (int tries = 1;; ++tries) {
        auto asking = ask_once(found->second, tenant, payment);
        auto asked = co_await std::move(asking);
        if (asked) co_return *std::move(asked);
        const auto pause = std::max(asked.error().pause.value_or(least_pause), least_pause);
        if (tries == most_tries || pause > most_pause)
            co_return std::unexpected(std::move(asked.error().why));
        co_await net::wait_for(pause);
    }
}

/// Of one checkout.
awaitable<std::expected<MoneyCheck, std::string>> check(
    MoneyCheckParts parts, TenantId tenant, std::string checkout
) {
    const auto payments = co_await store::read(parts.store, [&] {
        return payments_in(stream_of(parts.store, tenant, checkout));
    });
    MoneyCheck found;
    for (const auto& payment : payments) {
        auto asking = ask(&parts.connectors, tenant, &payment);
        const auto told = co_await std::move(asking);
        if (!told) co_return std::unexpected(told.error());
        ++found.payments;
        std::ranges::move(differences(payment, *told), std::back_inserter(found.differences));
    }
    co_return found;
}

}  // namespace

awaitable<std::expected<MoneyCheck, std::string>> check_money(
    MoneyCheckParts parts, TenantId tenant, std::vector<std::string> checkouts
) {
    MoneyCheck all;
    for (const auto& checkout : checkouts) {
        auto checked = co_await check(parts, tenant, checkout);
        if (checked && !checked->differences.empty())
            checked = co_await check(parts, tenant, checkout);
        if (!checked) co_return std::unexpected(std::move(checked.error()));
        all.payments += checked->payments;
        std::ranges::move(checked->differences, std::back_inserter(all.differences));
    }
    co_return all;
}

}  // namespace vitrine::queries
