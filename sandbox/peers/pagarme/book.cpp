#include "sandbox/peers/pagarme/book.hpp"

#include <algorithm>

#include "sandbox/peers/pagarme/order_input.hpp"

namespace vitrine::sandbox::pagarme {
namespace {

constexpr std::uint64_t id_stream = 11;
constexpr std::chrono::seconds silence{60};
constexpr std::chrono::days boleto_lasts{3};

std::int64_t number_in(const Json& object, std::string_view name, std::int64_t otherwise) {
    const auto* value = member(object, name);
    return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
}

Json& charge_in(Json& order) {
    return order.at("charges").front();
}

Json& transaction_in(Json& order) {
    return charge_in(order).at("last_transaction");
}

std::string_view status_of(const Json& object) {
    return text_of(object, "status");
}

bool is_authorised(Json& order) {
    return status_of(transaction_in(order)) == "authorized_pending_capture";
}

bool is_paid(Json& order) {
    return status_of(charge_in(order)) == "paid";
}

/// Neither paid nor over.
bool is_pending(Json& order) {
    return status_of(charge_in(order)) == "pending";
}

std::int64_t left_of(Json& order) {
    const auto& charge = charge_in(order);
    return number_in(charge, "paid_amount", 0) - number_in(charge, "canceled_amount", 0) -
           number_in(charge, "pending_cancel_amount", 0);
}

Refused no_such(const char* what) {
    return {404, std::string(what) + " not found."};
}

/// A request that is valid and failed.
Refused not_now(std::string message) {
    return {412, std::move(message)};
}

std::string until_text(const Json& payment, Timestamp now) {
    const auto* pix = member(payment, "pix");
    if (pix == nullptr) return format_time(now + boleto_lasts);
    if (const auto at = text_of(*pix, "expires_at"); !at.empty()) return std::string(at);
    return format_time(now + std::chrono::seconds(number_in(*pix, "expires_in", 3600)));
}

/// As the charge is counted elsewhere.
std::string_view plain_status(Json& order) {
    auto& charge = charge_in(order);
    const auto status = status_of(charge);
    if (status == "chargedback") return "disputed";
    if (number_in(charge, "canceled_amount", 0) > 0)
        return status == "canceled" ? "refunded" : "partially_refunded";
    if (status == "canceled")
        return status_of(transaction_in(order)) == "expired" ? "expired" : "voided";
    return is_authorised(order) ? "authorized" : status;
}

}  // namespace

Book::Book(std::uint64_t seed) : ids_(seed, id_stream) {}

std::string Book::new_id(const char* prefix) {
    return prefix + ids_.hex(16);
}

Json* Book::find_order(std::string_view id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &orders_[found->second];
}

Json* Book::order_of(std::string_view charge_id) {
    return charge_id.starts_with("ch_") ? find_order(charge_id) : nullptr;
}

Outcome Book::create(const Json& body, Timestamp now) {
    if (auto refused = faults_of_order(body)) return std::unexpected(*std::move(refused));
    auto order = Json::object();
    order["id"] = new_id("or_");
    const auto code = text_of(body, "code");
    order["code"] = code.empty() ? new_id("") : std::string(code);
    order["amount"] = amount_of(body);
    order["currency"] = "BRL";
    order["closed"] = true;
    order["items"] = body.at("items");
    if (const auto* customer = member(body, "customer")) order["customer"] = *customer;
    order["status"] = "pending";
    order["created_at"] = format_time(now);
    order["updated_at"] = format_time(now);
    const auto* metadata = member(body, "metadata");
    order["metadata"] = metadata != nullptr ? *metadata : Json::object();
    const auto& payment = body.at("payments").front();
    order["charges"] = Json::array({new_charge(order, payment, now)});
    std::chrono::milliseconds after{};
    if (text_of(payment, "payment_method") == "credit_card") {
        after = charge_card(charge_in(order), payment.at("credit_card"), now);
        const auto status = status_of(charge_in(order));
        if (status != "pending") order["status"] = status;
    } else {
        issue(charge_in(order), payment, now);
    }
    by_id_[order.at("id").get<std::string>()] = orders_.size();
    by_id_[charge_in(order).at("id").get<std::string>()] = orders_.size();
    orders_.push_back(order);
    tell_creation(order);
    return Answered{std::move(order), after};
}

Json Book::new_charge(const Json& order, const Json& payment, Timestamp now) {
    auto charge = Json::object();
    charge["id"] = new_id("ch_");
    charge["code"] = order.at("code");
    charge["order_id"] = order.at("id");
    charge["amount"] = order.at("amount");
    charge["status"] = "pending";
    charge["currency"] = "BRL";
    charge["payment_method"] = payment.at("payment_method");
    charge["created_at"] = format_time(now);
    charge["updated_at"] = format_time(now);
    charge["metadata"] = order.at("metadata");
    auto transaction = Json::object();
    transaction["id"] = new_id("tran_");
    transaction["transaction_type"] = payment.at("payment_method");
    transaction["amount"] = order.at("amount");
    transaction["success"] = true;
    charge["last_transaction"] = std::move(transaction);
    return charge;
}

/// How long the answer is held back.
std::chrono::milliseconds Book::charge_card(Json& charge, const Json& card, Timestamp now) {
    const auto token = text_of(card, "card_token");
    auto& transaction = charge.at("last_transaction");
    transaction["installments"] = number_in(card, "installments", 1);
    const auto decline = [&](const char* code, const char* message) {
        charge["status"] = "failed";
        transaction["status"] = "not_authorized";
        transaction["success"] = false;
        transaction["acquirer_return_code"] = code;
        transaction["acquirer_message"] = message;
    };
    const auto* capture = member(card, "capture");
    const bool captures = (capture == nullptr || capture->get<bool>()) &&
                          text_of(card, "operation_type") != "auth_only";
    if (token.starts_with("tok_declined")) {
        decline("1000", "Transação não autorizada");
    } else if (token.starts_with("tok_insufficient")) {
        decline("1016", "Saldo insuficiente");
    } else if (token.starts_with("tok_3ds")) {
        transaction["status"] = "waiting_authentication";
        transaction["url"] = "https://3ds.pagar.me/" + charge.at("id").get<std::string>();
    } else if (!token.starts_with("tok_approved") && !token.starts_with("tok_timeout")) {
        decline("1011", "Cartão inválido");
        transaction["gateway_response"] = {
            {"code", "412"},
            {"errors", Json::array({Json{{"message", "The card_token is not known or was used."}}})}
        };
    } else if (captures) {
        charge["status"] = "paid";
        charge["paid_amount"] = charge.at("amount");
        charge["paid_at"] = format_time(now);
        transaction["status"] = "captured";
    } else {
        transaction["status"] = "authorized_pending_capture";
    }
    return token.starts_with("tok_timeout") ? silence : std::chrono::seconds(0);
}

/// What the buyer pays by later.
void Book::issue(Json& charge, const Json& payment, Timestamp now) {
    auto& transaction = charge.at("last_transaction");
    const auto id = charge.at("id").get<std::string>();
    const auto until = until_text(payment, now);
    if (text_of(payment, "payment_method") == "pix") {
        transaction["status"] = "waiting_payment";
        transaction["qr_code"] = "00020126580014br.gov.bcb.pix0136" + id;
        transaction["qr_code_url"] = "https://api.pagar.me/core/v5/transactions/" +
                                     transaction.at("id").get<std::string>() + "/qrcode";
        transaction["expires_at"] = until;
        return;
    }
    std::string digits;
    for (int i = 0; i < 47; ++i) digits += static_cast<char>('0' + ids_.next() % 10);
    const auto* boleto = member(payment, "boleto");
    const auto asked = boleto != nullptr ? text_of(*boleto, "due_at") : std::string_view();
    transaction["status"] = "generated";
    transaction["line"] = digits;
    transaction["barcode"] = digits.substr(0, 44);
    transaction["url"] = "https://api.pagar.me/core/v5/boletos/" + id;
    transaction["pdf"] = "https://api.pagar.me/core/v5/boletos/" + id + ".pdf";
    transaction["due_at"] = asked.empty() ? until : std::string(asked);
}

void Book::change(Json& order, const char* order_status, const char* charge_status, Timestamp now) {
    order["status"] = order_status;
    order["updated_at"] = format_time(now);
    charge_in(order)["status"] = charge_status;
    charge_in(order)["updated_at"] = format_time(now);
}

void Book::pay(Json& order, std::int64_t amount, Timestamp now) {
    change(order, "paid", "paid", now);
    auto& charge = charge_in(order);
    charge["paid_amount"] = amount;
    charge["paid_at"] = format_time(now);
    auto& transaction = transaction_in(order);
    transaction["status"] =
        text_of(charge, "payment_method") == "credit_card" ? "captured" : "paid";
    tell_charge("charge.paid", order);
    tell_order("order.paid", order);
}

Outcome Book::capture(std::string_view charge_id, const Json& body, Timestamp now) {
    auto* order = order_of(charge_id);
    if (order == nullptr) return std::unexpected(no_such("Charge"));
    if (!is_authorised(*order) || !is_pending(*order))
        return std::unexpected(not_now("This charge cannot be captured."));
    const auto whole = charge_in(*order).at("amount").get<std::int64_t>();
    const auto amount = number_in(body, "amount", whole);
    if (amount < 1 || amount > whole)
        return std::unexpected(not_now("The amount to be captured is not valid."));
    pay(*order, amount, now);
    return Answered{charge_in(*order)};
}

Outcome Book::cancel(std::string_view charge_id, const Json& body, Timestamp now) {
    auto* order = order_of(charge_id);
    if (order == nullptr) return std::unexpected(no_such("Charge"));
    look_at_time(*order, now);
    auto& charge = charge_in(*order);
    if (is_pending(*order)) {
        change(*order, "canceled", "canceled", now);
        charge["canceled_at"] = format_time(now);
        transaction_in(*order)["status"] = "voided";
        tell_order("order.canceled", *order);
        return Answered{charge};
    }
    if (!is_paid(*order)) return std::unexpected(not_now("This charge can not be canceled."));
    if (text_of(charge, "payment_method") == "boleto")
        return std::unexpected(not_now("A paid boleto can not be canceled."));
    const auto left = left_of(*order);
    const auto amount = number_in(body, "amount", left);
    if (amount < 1 || amount > left)
        return std::unexpected(not_now("The amount to be canceled is not valid."));
    charge["pending_cancel_amount"] = number_in(charge, "pending_cancel_amount", 0) + amount;
    transaction_in(*order)["status"] = "pending_refund";
    if (text_of(charge, "payment_method") == "credit_card") settle_refunds(now);
    return Answered{charge};
}

void Book::settle_refunds(Timestamp now) {
    if (refunds_held_) return;
    for (auto& order : orders_) {
        auto& charge = charge_in(order);
        const auto pending = number_in(charge, "pending_cancel_amount", 0);
        if (pending == 0) continue;
        charge.erase("pending_cancel_amount");
        charge["canceled_amount"] = number_in(charge, "canceled_amount", 0) + pending;
        charge["canceled_at"] = format_time(now);
        transaction_in(order)["status"] = "refunded";
        const bool is_whole = left_of(order) == 0;
        if (is_whole) change(order, "canceled", "canceled", now);
        tell_charge(is_whole ? "charge.refunded" : "charge.partial_canceled", order);
    }
}

/// A Pix that nobody paid in time is over.
void Book::look_at_time(Json& order, Timestamp now) {
    if (!is_pending(order)) return;
    const auto until = parse_time(text_of(transaction_in(order), "expires_at"));
    if (!until || *until > now) return;
    change(order, "canceled", "canceled", now);
    transaction_in(order)["status"] = "expired";
    tell_order("order.canceled", order);
}

Outcome Book::order(std::string_view id, Timestamp now) {
    auto* found = id.starts_with("or_") ? find_order(id) : nullptr;
    if (found == nullptr) return std::unexpected(no_such("Order"));
    look_at_time(*found, now);
    return Answered{*found};
}

Outcome Book::charge(std::string_view id, Timestamp now) {
    auto* found = order_of(id);
    if (found == nullptr) return std::unexpected(no_such("Charge"));
    look_at_time(*found, now);
    return Answered{charge_in(*found)};
}

Json Book::orders(std::string_view code, std::string_view status, Timestamp now) {
    auto data = Json::array();
    for (auto at = orders_.rbegin(); at != orders_.rend(); ++at) {
        look_at_time(*at, now);
        if (!code.empty() && text_of(*at, "code") != code) continue;
        if (!status.empty() && status_of(*at) != status) continue;
        data.push_back(*at);
    }
    const auto total = data.size();
    return {{"data", std::move(data)}, {"paging", {{"total", total}}}};
}

Outcome Book::act(std::string_view id, std::string_view act, Timestamp now) {
    auto* order = find_order(id);
    if (order == nullptr) return std::unexpected(no_such("Charge"));
    auto& transaction = transaction_in(*order);
    const auto amount = charge_in(*order).at("amount").get<std::int64_t>();
    if (act == "pay" && status_of(transaction) == "waiting_authentication") {
        transaction["status"] = "authorized_pending_capture";
        tell_charge("charge.pending", *order);
    } else if (act == "pay" && ((is_pending(*order) && !is_authorised(*order)) ||
                                status_of(transaction) == "expired")) {
        pay(*order, amount, now);
    } else if (act == "expire" && is_pending(*order)) {
        change(*order, "canceled", "canceled", now);
        transaction["status"] = "expired";
        tell_order("order.canceled", *order);
    } else if (act == "fail" && is_pending(*order)) {
        change(*order, "failed", "failed", now);
        transaction["status"] = "failed";
        transaction["success"] = false;
        tell_charge("charge.payment_failed", *order);
        tell_order("order.payment_failed", *order);
    } else if (act == "chargeback" && is_paid(*order)) {
        change(*order, "paid", "chargedback", now);
        tell_charge("charge.chargedback", *order);
    } else {
        return std::unexpected(Refused{409, "The charge cannot do that as it is."});
    }
    return Answered{charge_in(*order)};
}

Json Book::payments() const {
    auto all = Json::array();
    for (auto order : orders_) {
        const auto& charge = charge_in(order);
        all.push_back(
            {{"id", charge.at("id")},
             {"status", plain_status(order)},
             {"amount", charge.at("amount")},
             {"captured_amount", number_in(charge, "paid_amount", 0)},
             {"refunded_amount", number_in(charge, "canceled_amount", 0)},
             {"method", charge.at("payment_method")},
             {"metadata", charge.at("metadata")}}
        );
    }
    return all;
}

void Book::tell_creation(const Json& order) {
    const auto status = status_of(order);
    tell_order("order.created", order);
    if (status == "pending") tell_charge("charge.pending", order);
    if (status == "paid") {
        tell_charge("charge.paid", order);
        tell_order("order.paid", order);
    }
    if (status == "failed") {
        tell_charge("charge.payment_failed", order);
        tell_order("order.payment_failed", order);
    }
}

void Book::tell_charge(const char* what, const Json& order) {
    auto charge = order.at("charges").front();
    auto of = Json::object();
    for (const auto* name : {"id", "code", "amount", "status", "metadata"})
        of[name] = order.at(name);
    charge["order"] = std::move(of);
    hooks_.push_back({what, std::move(charge)});
}

void Book::tell_order(const char* what, const Json& order) {
    hooks_.push_back({what, order});
}

}  // namespace vitrine::sandbox::pagarme
