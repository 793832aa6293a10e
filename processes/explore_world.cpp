#include "processes/explore_world.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateways/clubify/credentials.hpp"
#include "gateways/payments/payments.hpp"
#include "processes/command_effects.hpp"

namespace vitrine::processes {
namespace {

using gateways::Done;
using gateways::Effect;
using gateways::Outcome;
using gateways::Refused;
using Json = nlohmann::ordered_json;
using World = ExploredWorld;

constexpr std::string_view payment_prefix = "pay:";

Refused no(std::string problem, int status, std::string said, JsonText told = {}) {
    return {
        {std::move(problem), status, "refused", Phrase::as_is(std::move(said))},
        false,
        std::move(told)
    };
}

const char* status_of(World::Charge charge) {
    switch (charge) {
        case World::Charge::pending:
            return "pending";
        case World::Charge::authorized:
            return "authorized";
        case World::Charge::captured:
            return "captured";
        case World::Charge::voided:
            return "voided";
        case World::Charge::expired:
            return "expired";
        case World::Charge::declined:
            return "declined";
    }
    return "";
}

Done told_of(const std::string& key, const World::Payment& payment) {
    Json told{{"status", status_of(payment.charge)}};
    if (payment.method == "pix") told["pix"] = {{"qr_code", "000201"}};
    if (payment.method == "boleto") told["boleto"] = {{"line", "0"}};
    return {std::string(payment_prefix) + key, JsonText(told.dump())};
}

}  // namespace

World::Payment* ExploredWorld::payment_named(const std::string& id) {
    const auto found = payments.find(id.substr(std::min(id.size(), payment_prefix.size())));
    return found == payments.end() ? nullptr : &found->second;
}

const World::Payment* ExploredWorld::payment_named(const std::string& id) const {
    const auto found = payments.find(id.substr(std::min(id.size(), payment_prefix.size())));
    return found == payments.end() ? nullptr : &found->second;
}

void ExploredWorld::buyer_pays() {
    for (auto& [key, payment] : payments) {
        if (payment.charge != Charge::pending && payment.charge != Charge::expired) continue;
        payment.charge = Charge::captured;
        payment.captured = payment.amount;
    }
}

void ExploredWorld::time_is_over() {
    for (auto& [key, payment] : payments) {
        if (payment.charge == Charge::pending) payment.charge = Charge::expired;
    }
}

Refused ExploredWorld::refuse(const Effect& effect) {
    const auto& what = effect.settle;
    if (what == payments::authorizes || what == payments::issues)
        return no(
            "payment-declined",
            402,
            "declined",
            JsonText(R"({"code":"card_declined","retryable":false})")
        );
    if (what == "ReserveStock") return no("out-of-stock", 409, "out of stock");
    if (what == "ConfirmReservation") return no("reservation-expired", 410, "expired");
    if (what == "LockCoupon") return no("coupon-unavailable", 409, "all uses are held");
    return no("clubify-refused", 422, "refused");
}

Outcome ExploredWorld::act(const Effect& effect) {
    if (effect.connector == commands_connector) return command(effect);
    if (effect.connector == clubify::connector) return on_platform(effect);
    return pay(effect);
}

Outcome ExploredWorld::pay(const Effect& effect) {
    const auto body = Json::parse(effect.body.text);
    const auto& what = effect.settle;
    const auto key = body.value("key", "");
    if (what == payments::authorizes || what == payments::issues) {
        const auto [place, is_new] = payments.try_emplace(key);
        auto& payment = place->second;
        if (is_new) {
            payment.method = body.at("method").get<std::string>();
            payment.amount = body.at("amount_cents").get<std::int64_t>();
            payment.charge = what == payments::authorizes ? Charge::authorized : Charge::pending;
        }
        return told_of(key, payment);
    }
    auto* payment = payment_named(effect.subject);
    if (payment == nullptr) return no("not-found", 404, "no such payment");
    const auto its_key = effect.subject.substr(payment_prefix.size());
    if (what == payments::looks) return told_of(its_key, *payment);
    if (what == payments::captures) {
        if (payment->charge == Charge::authorized) {
            payment->charge = Charge::captured;
            payment->captured = payment->amount;
        }
        if (payment->charge != Charge::captured)
            return no("clubify-refused", 422, "not to capture");
    }
    if (what == payments::voids) {
        if (payment->charge == Charge::captured) return no("clubify-refused", 422, "it is paid");
        payment->charge = Charge::voided;
    }
    if (what == payments::refunds && payment->refund_keys.insert(key).second) {
        payment->refunded += body.at("amount_cents").get<std::int64_t>();
    }
    return told_of(its_key, *payment);
}

Outcome ExploredWorld::on_platform(const Effect& effect) {
    if (effect.settle == "checkout") {
        for (const auto& [id, remote] : remotes) {
            if (remote.status == Remote::Status::active) return Done{id, JsonText("{}")};
        }
        const auto id = "remote-" + std::to_string(remotes.size() + 1);
        remotes[id] = {};
        return Done{id, JsonText("{}")};
    }
    const auto found = remotes.find(effect.subject);
    if (found == remotes.end()) return no("missing-on-clubify", 409, "no such checkout");
    auto& remote = found->second;
    if (effect.settle == "checkout_cancelled") {
        if (remote.status == Remote::Status::completed)
            return no("clubify-refused", 422, "it is completed");
        remote.status = Remote::Status::cancelled;
        return Done{};
    }
    if (remote.status == Remote::Status::cancelled)
        return no("clubify-refused", 422, "it is cancelled");
    remote.status = Remote::Status::completed;
    remote.order = "order-" + found->first;
    return Done{remote.order};
}

Outcome ExploredWorld::command(const Effect& effect) {
    const auto& what = effect.settle;
    if (what == "ReserveStock" && stock == Held::no) stock = Held::reserved;
    if (what == "ConfirmReservation") {
        if (stock == Held::no) return no("reservation-expired", 410, "expired");
        if (stock == Held::reserved) stock = Held::confirmed;
    }
    if (what == "FulfilReservation") stock = Held::fulfilled;
    if (what == "ReleaseReservation" && stock != Held::fulfilled) stock = Held::no;
    if (what == "LockCoupon" && coupon == Use::no) coupon = Use::locked;
    if (what == "RedeemCoupon") {
        if (coupon == Use::no) return no("illegal-transition", 409, "not held");
        coupon = Use::redeemed;
    }
    if (what == "ReleaseCoupon" && coupon == Use::locked) coupon = Use::no;
    if (what == "RestoreCoupon") coupon = Use::no;
    if (what == "PutCustomer") {
        customer = true;
        return Done{"customer-1", JsonText(R"({"clubify_customer_id":"remote-customer-1"})")};
    }
    return Done{"1"};
}

std::optional<Outcome> ExploredWorld::look(const Effect& effect) const {
    auto copy = *this;
    const auto& what = effect.settle;
    if (effect.connector == commands_connector || what == payments::looks) return std::nullopt;
    if (effect.connector == clubify::connector) {
        if (what == "checkout") {
            for (const auto& [id, remote] : remotes) {
                if (remote.status == Remote::Status::active) return Done{id, JsonText("{}")};
            }
            return std::nullopt;
        }
        const auto found = remotes.find(effect.subject);
        if (found == remotes.end()) return std::nullopt;
        const auto wanted =
            what == "checkout_cancelled" ? Remote::Status::cancelled : Remote::Status::completed;
        if (found->second.status != wanted) return std::nullopt;
        return Done{found->second.order};
    }
    const auto key = Json::parse(effect.body.text).value("key", "");
    if (what == payments::authorizes || what == payments::issues) {
        const auto found = payments.find(key);
        return found == payments.end() ? std::nullopt
                                       : std::optional<Outcome>(told_of(key, found->second));
    }
    const auto* payment = payment_named(effect.subject);
    if (payment == nullptr) return std::nullopt;
    const bool is_so = (what == payments::captures && payment->charge == Charge::captured) ||
                       (what == payments::voids && payment->charge == Charge::voided) ||
                       (what == payments::refunds && payment->refund_keys.contains(key));
    if (!is_so) return std::nullopt;
    return told_of(effect.subject.substr(payment_prefix.size()), *payment);
}

}  // namespace vitrine::processes
