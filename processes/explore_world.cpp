#include "processes/explore_world.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/stock/reservation.hpp"
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

std::string reference_of(std::string_view checkout) {
    return "checkout-" + std::string(checkout);
}

Refused declined() {
    return no(
        "payment-declined",
        402,
        "declined",
        JsonText(R"({"code":"card_declined","retryable":false})")
    );
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
        case World::Charge::disputed:
            return "disputed";
        case World::Charge::refunded:
            return "refunded";
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

bool ExploredWorld::can_be_paid(std::string_view checkout) const {
    return std::ranges::any_of(payments, [&](const auto& each) {
        const auto& payment = each.second;
        return payment.checkout == checkout &&
               (payment.charge == Charge::pending || payment.charge == Charge::expired);
    });
}

void ExploredWorld::buyer_pays(std::string_view checkout) {
    for (auto& [key, payment] : payments) {
        if (payment.checkout != checkout) continue;
        if (payment.charge != Charge::pending && payment.charge != Charge::expired) continue;
        payment.charge = Charge::captured;
        payment.captured = payment.amount;
    }
}

bool ExploredWorld::bank_takes_back(std::string_view checkout) {
    for (auto& [key, payment] : payments) {
        if (payment.checkout != checkout || payment.charge != Charge::captured) continue;
        if (payment.refunded == payment.captured) continue;
        payment.charge = Charge::disputed;
        return true;
    }
    return false;
}

bool ExploredWorld::is_disputed(std::string_view checkout) const {
    return std::ranges::any_of(payments, [&](const auto& each) {
        return each.second.checkout == checkout && each.second.charge == Charge::disputed;
    });
}

void ExploredWorld::bank_decides(std::string_view checkout, bool won) {
    for (auto& [key, payment] : payments) {
        if (payment.checkout != checkout || payment.charge != Charge::disputed) continue;
        payment.charge = won ? Charge::captured : Charge::refunded;
        if (!won) payment.refunded = payment.captured;
    }
}

void ExploredWorld::close(std::string_view checkout) {
    for (auto& [id, remote] : remotes) {
        if (remote.checkout == checkout && remote.status == Remote::Status::active)
            remote.status = Remote::Status::cancelled;
    }
}

ExploredWorld::Held ExploredWorld::stock_of(std::string_view checkout) const {
    const auto id = commands::reservation_id_of(reference_of(checkout)).str();
    const auto found = reservations.find(id);
    return found == reservations.end() ? Held::no : found->second.held;
}

ExploredWorld::Use ExploredWorld::coupon_of(std::string_view checkout) const {
    const auto found = coupon.find(reference_of(checkout));
    return found == coupon.end() ? Use::no : found->second;
}

bool ExploredWorld::holds(const Reservation& reservation) const {
    return reservation.held == Held::confirmed || reservation.held == Held::fulfilled ||
           (reservation.held == Held::reserved && reservation.until > now);
}

std::int64_t ExploredWorld::units_taken() const {
    return std::ranges::count_if(reservations, [this](const auto& each) {
        return holds(each.second);
    });
}

std::int64_t ExploredWorld::uses_taken() const {
    return std::ranges::count_if(coupon, [](const auto& each) { return each.second != Use::no; });
}

void ExploredWorld::let_expire(Payment& payment) const {
    if (payment.charge == Charge::pending && payment.until && *payment.until <= now)
        payment.charge = Charge::expired;
}

Refused ExploredWorld::refuse(const Effect& effect) {
    const auto& what = effect.settle;
    if (what == payments::authorizes || what == payments::issues) return declined();
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
        if (body.value("card_token", "").starts_with("tok_declined")) return declined();
        const auto [place, is_new] = payments.try_emplace(key);
        auto& payment = place->second;
        if (is_new) {
            payment.checkout = body.at("checkout_id").get<std::string>();
            payment.method = body.at("method").get<std::string>();
            payment.amount = body.at("amount_cents").get<std::int64_t>();
            payment.charge = what == payments::authorizes ? Charge::authorized : Charge::pending;
            if (const auto lasts = body.find("expires_in"); lasts != body.end())
                payment.until = now + std::chrono::seconds(lasts->get<std::int64_t>());
        }
        return told_of(key, payment);
    }
    auto* payment = payment_named(effect.subject);
    if (payment == nullptr) return no("not-found", 404, "no such payment");
    let_expire(*payment);
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
        if (payment->charge != Charge::authorized && payment->charge != Charge::pending &&
            payment->charge != Charge::voided)
            return no("clubify-refused", 422, "it is paid, or over");
        payment->charge = Charge::voided;
    }
    if (what == payments::refunds && !payment->refund_keys.contains(key)) {
        if (payment->method == "boleto") return no("clubify-refused", 422, "no way back");
        const auto amount = body.at("amount_cents").get<std::int64_t>();
        if (payment->charge != Charge::captured || payment->refunded + amount > payment->captured)
            return no("clubify-refused", 422, "it is not there");
        payment->refund_keys.insert(key);
        payment->refunded += amount;
    }
    return told_of(its_key, *payment);
}

Outcome ExploredWorld::on_platform(const Effect& effect) {
    if (effect.settle == "checkout") {
        for (const auto& [id, remote] : remotes) {
            if (remote.checkout == effect.subject && remote.status == Remote::Status::active)
                return Done{id, JsonText("{}")};
        }
        const auto id = "remote-" + std::to_string(remotes.size() + 1);
        remotes[id].checkout = effect.subject;
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
    if (effect.settle == "PutCustomer")
        return Done{"customer-1", JsonText(R"({"clubify_customer_id":"remote-customer-1"})")};
    return effect.settle.ends_with("Coupon") ? on_coupon(effect) : on_stock(effect);
}

Outcome ExploredWorld::on_stock(const Effect& effect) {
    const auto& what = effect.settle;
    const bool reserves = what == "ReserveStock";
    const auto body = effect.body.empty() ? Json::object() : Json::parse(effect.body.text);
    const auto id = reserves
                        ? commands::reservation_id_of(body.at("reference").get<std::string>()).str()
                        : effect.subject;
    auto& reservation = reservations[id];
    auto& held = reservation.held;
    const auto others = units_taken() - (holds(reservation) ? 1 : 0);
    if (reserves && (held == Held::no || held == Held::reserved)) {
        if (others >= units) return no("out-of-stock", 409, "out of stock");
        held = Held::reserved;
        reservation.until = now + std::chrono::seconds(body.at("ttl_seconds").get<std::int64_t>());
    }
    if (what == "ConfirmReservation") {
        if (held == Held::no || others >= units) return no("reservation-expired", 410, "expired");
        if (held == Held::reserved) held = Held::confirmed;
    }
    if (what == "FulfilReservation") {
        if (held != Held::confirmed && held != Held::fulfilled)
            return no("illegal-transition", 409, "not confirmed");
        held = Held::fulfilled;
    }
    if (what == "ReleaseReservation" && held != Held::fulfilled) held = Held::no;
    return Done{"1"};
}

Outcome ExploredWorld::on_coupon(const Effect& effect) {
    const auto& what = effect.settle;
    auto& use = coupon[Json::parse(effect.body.text).at("reference").get<std::string>()];
    if (what == "LockCoupon" && use == Use::no) {
        if (uses_taken() >= uses) return no("coupon-unavailable", 409, "all uses are held");
        use = Use::locked;
    }
    if (what == "RedeemCoupon") {
        if (use == Use::no) return no("illegal-transition", 409, "not held");
        use = Use::redeemed;
    }
    if (what == "ReleaseCoupon" && use == Use::locked) use = Use::no;
    if (what == "RestoreCoupon") use = Use::no;
    return Done{"1"};
}

std::optional<Outcome> ExploredWorld::look(const Effect& effect) const {
    const auto& what = effect.settle;
    if (effect.connector == commands_connector || what == payments::looks) return std::nullopt;
    if (effect.connector == clubify::connector) {
        if (what == "checkout") {
            for (const auto& [id, remote] : remotes) {
                if (remote.checkout == effect.subject && remote.status == Remote::Status::active)
                    return Done{id, JsonText("{}")};
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
