#include "commands/webhooks/order_facts.hpp"

#include <algorithm>

#include "commands/webhooks/members.hpp"

namespace vitrine::commands {
namespace {

struct Meaning {
    std::string_view event;                          // the platform's
    decltype(events::ClubifyOrderEvent::type) type;  // ours; empty: none comes of it
};

/// What the platform tells of orders and payments. payment.approved and payment.declined are the
/// names that parts of its documentation use for paid and failed.
constexpr Meaning meanings[] = {
    {"order.created", "ClubifyOrderCreated"},
    {"order.paid", "ClubifyOrderPaid"},
    {"order.completed", "ClubifyOrderCompleted"},
    {"order.cancelled", "ClubifyOrderCancelled"},
    {"order.canceled", "ClubifyOrderCancelled"},
    {"order.refunded", "ClubifyOrderRefunded"},
    {"order.updated", {}},
    {"order.shipped", {}},
    {"order.delivered", {}},
    {"payment.paid", "ClubifyPaymentPaid"},
    {"payment.completed", "ClubifyPaymentPaid"},
    {"payment.approved", "ClubifyPaymentPaid"},
    {"payment.failed", "ClubifyPaymentFailed"},
    {"payment.declined", "ClubifyPaymentFailed"},
    {"payment.refunded", "ClubifyPaymentRefunded"},
    {"payment.authorized", {}},
    {"payment.cancelled", {}},
    {"payment.canceled", {}},
    {"payment.method.saved", {}},
    {"payment.action_required", {}},
};

constexpr Term differing{
    "it tells the same amount twice, and not alike", "diz o mesmo valor duas vezes, e diferente"
};

/// An amount as it was read: told or not, understood or not.
struct Amount {
    std::optional<std::int64_t> cents;
    std::optional<Term> unclear;  // why
};

/// Of the members that are there: all must say the same.
Amount amount_in(const Json& json, Names names) {
    Amount amount;
    for (const char* name : names) {
        const auto* found = any_member(json, {name});
        if (found == nullptr) continue;
        const auto cents = as_cents(*found);
        if (!cents) {
            amount.unclear = cents.error();
            continue;
        }
        if (amount.cents && amount.cents != *cents) amount.unclear = differing;
        amount.cents = *cents;
    }
    return amount;
}

Amount total_in(const Json& data) {
    return amount_in(data, {"total_amount", "totalAmount", "total"});
}

bool says_partial(const Json& data) {
    for (const char* name : {"status", "payment_status", "paymentStatus", "refund_status"}) {
        if (const auto text = any_text(data, {name}); text && text->contains("partial"))
            return true;
    }
    return false;
}

std::optional<std::string> offer_id_in(const Json& data) {
    const Names names = {"offerId", "offer_id"};
    if (auto id = id_in(data, names)) return id;
    if (auto id = id_in(part(data, "offer"), {"id", "_id"})) return id;
    if (auto id = id_in(part(data, "metadata"), names)) return id;
    if (const auto& items = part(data, "items"); items.is_array()) {
        for (const auto& item : items) {
            if (auto id = id_in(item, names)) return id;
        }
    }
    return std::nullopt;
}

/// Campaign tags stand in the order itself, in its metadata, or in what it calls tracking or utm.
std::optional<std::string> tag_in(const Json& data, const char* utm, const char* plain) {
    for (const auto* place : {&data, &part(data, "metadata"), &part(data, "tracking")}) {
        if (auto tag = any_text(*place, {utm})) return tag;
    }
    if (auto tag = any_text(part(data, "tracking"), {plain})) return tag;
    return any_text(part(data, "utm"), {plain});
}

/// When it was given back, as it says itself: two refunds have two such times. Not when the order
/// last changed, which may be another time with each attempt to tell it.
std::optional<std::string> refund_time_in(const Json& data) {
    const auto text_in = [](const Json& place, Names names) -> std::optional<std::string> {
        const auto* found = any_member(place, names);
        return found == nullptr ? std::nullopt : as_text(*found);
    };
    if (auto text =
            text_in(part(data, "refund"), {"refunded_at", "refundedAt", "created_at", "createdAt"}))
        return text;
    return text_in(data, {"refunded_at", "refundedAt"});
}

constexpr Term amount_missing{
    "it does not tell how much was given back", "não diz quanto foi devolvido"
};

/// The sum of a list of refunds, each with its amount: all that was given back so far.
Amount sum_of(const Json& refunds) {
    Amount sum;
    if (!refunds.is_array() || refunds.empty()) return sum;
    sum.cents = 0;
    for (const auto& refund : refunds) {
        const auto one = amount_in(refund, {"amount", "amount_cents"});
        if (one.unclear) return {std::nullopt, one.unclear};
        if (!one.cents) return {std::nullopt, amount_missing};
        *sum.cents += *one.cents;
    }
    return sum;
}

/// Reads what this refund gave back, and what all of them did.
class Refund {
public:
    explicit Refund(const Json& data) : data_(data) {
        read_so_far();
        read_this();
    }

    /// nullopt in both: everything was given back.
    std::optional<std::int64_t> this_one, so_far;
    std::optional<Term> unclear;

private:
    void note(const Amount& amount) {
        if (amount.unclear) unclear = amount.unclear;
    }

    void read_so_far() {
        const auto told = amount_in(
            data_,
            {"total_refunded",
             "totalRefunded",
             "refunded_total",
             "refundedTotal",
             "total_refunded_amount",
             "totalRefundedAmount",
             "amount_refunded",
             "amountRefunded"}
        );
        const auto listed = sum_of(part(data_, "refunds"));
        note(told);
        note(listed);
        so_far = told.cents ? told.cents : listed.cents;
    }

    void read_this() {
        const auto one = amount_in(data_, {"refund_amount", "refundAmount"});
        const auto within = amount_in(part(data_, "refund"), {"amount", "amount_cents"});
        const auto given_back = amount_in(data_, {"refunded_amount", "refundedAmount"});
        for (const auto& amount : {one, within, given_back}) note(amount);
        this_one = one.cents ? one.cents : within.cents;
        if (!given_back.cents || so_far) {
            if (!this_one) this_one = given_back.cents;  // the sum has a name of its own
        } else if (!this_one || *given_back.cents > *this_one) {
            so_far = given_back.cents;
        }
        if (!this_one && !so_far) read_plain_amount();
    }

    /// Nothing names the refund's amount: `amount` is it, and the total means everything.
    void read_plain_amount() {
        const auto total = total_in(data_);
        const auto amount = amount_in(data_, {"amount"});
        note(total);
        note(amount);
        const bool everything = !amount.cents || amount.cents == total.cents;
        if (everything && says_partial(data_)) unclear = amount_missing;
        this_one = amount.cents ? amount.cents : total.cents;
    }

    const Json& data_;
};

/// The amount of anything but a refund.
Amount whole_amount(const Json& data, bool payment) {
    if (payment) {
        if (auto amount = amount_in(data, {"amount"}); amount.cents || amount.unclear)
            return amount;
        return total_in(data);
    }
    if (auto total = total_in(data); total.cents || total.unclear) return total;
    return amount_in(data, {"amount"});
}

OrderFacts not_understood(Phrase why) {
    OrderFacts facts;
    facts.unclear = why;
    facts.ignored = std::move(why);
    return facts;
}

OrderFacts nothing_of_ours(std::string_view event) {
    OrderFacts facts;
    facts.ignored = phrase("no event of ours comes of {}", "nenhum evento nosso vem de {}", event);
    return facts;
}

void read_currency(const Json& data, OrderFacts& facts) {
    const auto* told = any_member(data, {"currency", "currency_code", "currencyCode"});
    if (told == nullptr) return;
    facts.order->currency = as_currency(*told);
    if (!facts.order->currency && told->is_string() && !any_text(data, {"currency"})) return;  // ""
    if (!facts.order->currency) facts.unclear = {"its currency is not one", "a moeda não é uma"};
}

/// What is told of an amount; nullopt: nothing that is one.
std::optional<std::int64_t> cents_in(const Json& data, Names names) {
    const auto amount = amount_in(data, names);
    return amount.unclear ? std::nullopt : amount.cents;
}

/// One of the things that were bought, or came back; nullopt: it does not say what it comes to.
std::optional<events::OrderLine> line_in(const Json& item) {
    if (!item.is_object()) return std::nullopt;
    events::OrderLine line;
    line.product_id = id_in(item, {"product_id", "productId", "id", "_id"}).value_or("");
    line.offer_id = id_in(item, {"offer_id", "offerId"});
    line.sku = any_text(item, {"sku"});
    line.name = any_text(item, {"name", "product_name", "productName"});
    line.kind = any_text(item, {"type", "kind"}).value_or("");
    if (line.kind == "product") line.kind.clear();
    auto quantity = cents_in(item, {"quantity"});
    if (any_member(item, {"quantity"}) == nullptr) quantity = 1;
    auto cents =
        cents_in(item, {"total_price", "totalPrice", "total_amount", "totalAmount", "total"});
    const auto unit = cents_in(item, {"unit_price", "unitPrice", "price"});
    if (!cents && unit && quantity) {
        constexpr std::int64_t most = 1'000'000'000;
        if (*quantity <= most && *unit <= most) cents = *unit * *quantity;
    }
    if (!quantity || !cents) return std::nullopt;
    line.quantity = *quantity;
    line.amount_cents = *cents;
    return line;
}

/// All of them, or none: half of what was bought is not what was bought.
std::vector<events::OrderLine> lines_in(const Json& data) {
    std::vector<events::OrderLine> lines;
    for (const char* name : {"items", "lines", "order_items", "orderItems"}) {
        const auto& items = part(data, name);
        if (!items.is_array() || items.empty()) continue;
        for (const auto& item : items) {
            auto line = line_in(item);
            if (!line) return {};
            lines.push_back(*std::move(line));
        }
        return lines;
    }
    return lines;
}

/// What an order was, beside its amount: of each thing what can be understood.
void read_contents(const Json& data, events::ClubifyOrderEvent& order) {
    order.lines = lines_in(data);
    order.discount_cents =
        cents_in(data, {"discount_amount", "discountAmount", "discount", "discount_cents"});
    order.shipping_cents = cents_in(
        data,
        {"shipping_amount", "shippingAmount", "shipping_cost", "shippingCost", "shipping_cents"}
    );
    const auto& customer = part(data, "customer");
    auto buyer = id_in(data, {"customer_id", "customerId"});
    if (!buyer) buyer = id_in(customer, {"id", "_id", "customerId", "customer_id"});
    // Who is called by an e-mail address is nobody here: what names people stands sealed.
    if (buyer && !buyer->contains('@')) order.clubify_customer_id.emplace(*std::move(buyer));
    order.payment_method = any_text(data, {"payment_method", "paymentMethod"});
    if (!order.payment_method)
        order.payment_method = any_text(part(data, "payment"), {"method", "payment_method"});
    if (const auto at = any_text(data, {"orderDate", "order_date", "created_at", "createdAt"}))
        order.placed_at = parse_time(*at);
}

/// What a refund says that came back.
void read_returns(const Json& data, events::ClubifyOrderEvent& order) {
    order.lines = lines_in(part(data, "refund"));
}

/// Why there is no event; nullopt: there is.
std::optional<Term> read_amounts(const Json& data, bool payment, OrderFacts& facts) {
    auto& order = *facts.order;
    if (order.type.text().ends_with("Refunded")) {
        const Refund refund(data);
        if (refund.unclear) return refund.unclear;
        order.amount_cents = refund.this_one;
        order.refunded_total_cents = refund.so_far;
        order.refund_id = id_in(data, {"refund_id", "refundId"});
        if (!order.refund_id)
            order.refund_id = id_in(part(data, "refund"), {"id", "_id", "refund_id", "refundId"});
        order.changed_at = refund_time_in(data);
        return std::nullopt;
    }
    const auto amount = whole_amount(data, payment);
    if (amount.unclear) return amount.unclear;
    order.amount_cents = amount.cents;
    return std::nullopt;
}

/// Two of its names have different ids.
bool names_two_orders(const Json& told) {
    const auto one = id_in(told, {"orderId"}), other = id_in(told, {"order_id"});
    return one && other && *one != *other;
}

/// What is told of an order within an object of its own stands there as if beside it. What both
/// tell is the outer one's, but for amounts that differ: then neither counts.
Json with_nested_order(const Json& told) {
    const auto& nested = part(told, "order");
    if (!nested.is_object()) return told;
    Json all = told;
    for (const auto& [name, value] : nested.items()) {
        const bool is_id = name == "id" || name == "_id";
        if (is_id && id_in(told, {"orderId", "order_id", "id", "_id"})) continue;
        if (!all.contains(name) || all[name].is_null()) all[name] = value;
    }
    const auto outer = total_in(told), inner = total_in(nested);
    if (!outer.cents || !inner.cents || outer.cents == inner.cents) return all;
    for (const char* name : {"total_amount", "totalAmount", "total"}) {
        if (!told.contains(name)) all[name] = *inner.cents;
    }
    return all;
}

/// What is missing, though an event comes of it.
void note_gaps(bool payment, OrderFacts& facts) {
    const auto& order = *facts.order;
    const bool moves_money = settles(order) || order.type == "ClubifyPaymentRefunded";
    if (payment && moves_money && !order.order_id) {
        facts.unclear = {
            "it names no order, so that it counts nowhere",
            "não diz o pedido, por isso não conta em lugar nenhum"
        };
    } else if (!payment && settles(order) && !order.amount_cents) {
        facts.unclear = {"it tells no amount", "não diz o valor"};
    }
}

}  // namespace

bool settles(const events::ClubifyOrderEvent& event) {
    return event.type == "ClubifyOrderPaid" || event.type == "ClubifyOrderCompleted" ||
           event.type == "ClubifyPaymentPaid";
}

OrderFacts read_order_facts(std::string_view event, const Json& told) {
    const bool payment = event.starts_with("payment.");
    const auto* meaning = std::ranges::find(meanings, event, &Meaning::event);
    if (meaning == std::end(meanings)) {
        // What we do not know of orders and payments may be about money.
        if (payment || event.starts_with("order."))
            return not_understood(
                phrase("nobody knows what {} means", "ninguém sabe o que {} quer dizer", event)
            );
        return nothing_of_ours(event);
    }
    if (meaning->type.text().empty()) return nothing_of_ours(event);
    if (names_two_orders(told))
        return not_understood(Term{"it names two orders", "diz dois pedidos"});
    const Json data = payment ? told : with_nested_order(told);
    OrderFacts facts;
    auto& order = facts.order.emplace();
    order.type = meaning->type;
    if (payment) {
        order.payment_id = id_in(
            data, {"paymentId", "payment_id", "id", "_id", "transaction_id", "transactionId"}
        );
        order.order_id = id_in(data, {"orderId", "order_id"});
        if (!order.order_id) order.order_id = id_in(part(data, "order"), {"id", "_id"});
    } else {
        order.order_id = id_in(data, {"orderId", "order_id", "id", "_id"});
    }
    const auto& subject = payment ? order.payment_id : order.order_id;
    if (!subject) {
        constexpr Term no_payment{"it names no payment", "não diz o pagamento"};
        constexpr Term no_order{"it names no order", "não diz o pedido"};
        return not_understood(payment ? no_payment : no_order);
    }
    if (const auto why = read_amounts(data, payment, facts)) return not_understood(*why);
    facts.stream = (payment ? "payment-" : "order-") + *subject;
    read_currency(data, facts);
    // An amount of nobody knows what must not count as one of the offer's currency.
    if (!facts.unclear.empty() && order.amount_cents) return not_understood(facts.unclear);
    if (auto offer = offer_id_in(data)) order.clubify_offer_id.emplace(*std::move(offer));
    order.source = tag_in(data, "utm_source", "source");
    order.medium = tag_in(data, "utm_medium", "medium");
    order.campaign = tag_in(data, "utm_campaign", "campaign");
    if (payment) {
        order.payment_method = any_text(data, {"payment_method", "paymentMethod", "method"});
    } else if (order.type == "ClubifyOrderRefunded") {
        read_returns(data, order);
    } else {
        read_contents(data, order);
    }
    note_gaps(payment, facts);
    return facts;
}

}  // namespace vitrine::commands
