#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "sandbox/json.hpp"
#include "sandbox/random.hpp"

namespace vitrine::sandbox::pagarme {

/// An answer that is no success: `message`, and faults by the member that they are of.
struct Refused {
    int status = 400;
    std::string message;
    std::vector<std::pair<std::string, std::string>> errors = {};
};

/// What the merchant is told afterwards: "charge.paid", and the order or charge as it was then.
struct Hook {
    std::string type;
    Json data;
};

/// An answer, and for how long it is held back.
struct Answered {
    Json body;
    std::chrono::milliseconds after{};
};
using Outcome = std::expected<Answered, Refused>;

/// Orders, each with its one charge, as Pagar.me has them.
///
/// Operation: what a request or an act does is done at once, and what is to be told of it stands in
/// take_hooks(). A card is what its token says (tok_approved…, tok_declined…, tok_insufficient…,
/// tok_3ds…, tok_timeout…); a decline is an order that failed, not an error. What was paid by Pix
/// is given back after the answer, with settle_refunds(); a boleto never. In memory. One thread.
class Book {
public:
    explicit Book(std::uint64_t seed);

    Outcome create(const Json& body, Timestamp now);
    Outcome capture(std::string_view charge_id, const Json& body, Timestamp now);
    /// DELETE /charges/{id}: ends what is not paid, gives back what is.
    Outcome cancel(std::string_view charge_id, const Json& body, Timestamp now);

    Outcome order(std::string_view id, Timestamp now);
    Outcome charge(std::string_view id, Timestamp now);
    /// `{"data":[…],"paging":{"total":n}}`, the newest first.
    Json orders(std::string_view code, std::string_view status, Timestamp now);

    /// What the buyer, a bank or time does to a charge, by its id or its order's: "pay", "expire",
    /// "fail", "chargeback".
    Outcome act(std::string_view id, std::string_view act, Timestamp now);

    /// Gives back what was asked to be, unless refunds are held.
    void settle_refunds(Timestamp now);
    void hold_refunds(bool held) { refunds_held_ = held; }

    /// `[{id, status, amount, captured_amount, refunded_amount, method, metadata}…]`, by charge.
    Json payments() const;

    std::vector<Hook> take_hooks() { return std::exchange(hooks_, {}); }

private:
    Json* find_order(std::string_view id);
    Json* order_of(std::string_view charge_id);
    void look_at_time(Json& order, Timestamp now);
    std::string new_id(const char* prefix);
    Json new_charge(const Json& order, const Json& payment, Timestamp now);
    std::chrono::milliseconds charge_card(Json& charge, const Json& card, Timestamp now);
    void issue(Json& charge, const Json& payment, Timestamp now);
    void pay(Json& order, std::int64_t amount, Timestamp now);
    void change(Json& order, const char* order_status, const char* charge_status, Timestamp now);
    void tell_charge(const char* what, const Json& order);
    void tell_order(const char* what, const Json& order);
    void tell_creation(const Json& order);

    Random ids_;
    std::vector<Json> orders_;
    std::map<std::string, std::size_t, std::less<>> by_id_;  // of orders and of charges
    std::vector<Hook> hooks_;
    bool refunds_held_ = false;
};

}  // namespace vitrine::sandbox::pagarme
