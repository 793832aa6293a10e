#include <algorithm>

#include "core/text.hpp"
#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

/// One checkout, and where the money is that was paid for it: each captured cent is fulfilled or
/// held, or it is refunding, refunded or blocked.
struct CheckoutRow : StreamRow {
    static constexpr std::string_view category = "sale", table = "checkouts",
                                      id_name = "checkout_id";
    static constexpr std::string_view looked_up[] = {
        "customer_id", "offer_id", "at_risk", "decline_code"
    };

    std::optional<std::string_view> value(std::string_view column) const {
        if (column == "at_risk")
            return waiting.empty() ? std::nullopt : std::optional<std::string_view>("1");
        const auto& text = column == "customer_id" ? customer_id
                           : column == "offer_id"  ? offer_id
                                                   : decline_code;
        return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
    }

    bool read(std::string_view name, json::value value) {
        if (name == "checkout_id") {  // the first member of what it is told by, and of its own
            told = {};
        } else if (auto* text = text_named(name)) {
            *text = text_of(value);
        } else if (name == "blocked") {
            for (auto each : array_of(value)) read_blocked(each.value());
        } else if (name == "action") {  // an operator's word; of a charge that waits an object
            told.accepts_loss = raw_of(value) == "\"accept_loss\"";
        } else if (name == "won") {
            told.won = raw_of(value) == "true";
        } else if (auto* number = number_named(name)) {
            *number = number_of(value);
        } else {
            return false;
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        const auto& type = event.type;
        if (type == "CheckoutOpened") status = "opened";
        if (type == "PaymentAsked") {
            status = "paying";
            total_cents = told.amount;
        }
        if (type == "PaymentStopped") status = "opened";
        if (type == "ChargePending") status = "pending_payment";
        if (type == "ChargeAuthorized") status = "paying";
        if (type == "ChargeDeclined") status = "declined";
        if (type == "ChargeCaptured") {
            captured += told.amount;
            take_away("capture");                               // nobody has to find out any more
            if (waiting.empty() || is_over()) status = "paid";  // late money is held
        }
        if (type == "ChargeDisputed") blocked += told.amount;
        if (type == "DisputeEnded") {
            blocked -= told.amount;
            if (!told.won) refunded += told.amount;
        }
        if (type == "RefundAsked") refunding += told.amount;
        if (type == "RefundDone") {
            refunding -= told.amount;
            refunded += told.amount;
        }
        if (type == "CheckoutCompleted") {
            status = "completed";
            order_id = told.order;
        }
        if (type == "CheckoutFailed") status = "failed";
        if (type == "CheckoutCancelled") status = "cancelled";
        if (type == "CheckoutExpired") status = "expired";
        if (type == "CheckoutRevived") status = waiting.empty() ? "paid" : "review";
        if (type == "StepBlocked") note_blocked(event);
        if (type == "StepResolved") note_resolved();
    }

    void write(std::string& out) const {
        append_text(out, "offer_id", offer_id);
        text_if(out, "customer_id", customer_id);
        text_if(out, "session", session);
        text_if(out, "order_id", order_id);
        append_text(out, "currency", currency);
        append_number(out, "total_cents", total_cents);
        text_if(out, "payment_method", method);
        text_if(out, "decline_code", decline_code);
        append_number(out, "captured_cents", captured);
        append_number(out, "fulfilled_cents", is_over() ? kept() : 0);
        append_number(out, "held_cents", is_over() ? 0 : kept());
        append_number(out, "refunding_cents", refunding);
        append_number(out, "refunded_cents", refunded);
        append_number(out, "blocked_cents", blocked);
        append_number(out, "at_risk_cents", at_risk());
        append_raw(out, "blocked", waiting_json());
        append_text(out, "expires_at", expires_at);
    }

    std::string words() const { return fold(offer_id + ' ' + order_id); }
    std::size_t bytes() const {
        constexpr std::size_t of_texts = 256, of_a_step = 128;
        return sizeof(CheckoutRow) + of_texts + waiting.size() * of_a_step;
    }

private:
    /// A step that waits for a person, of the amount that is at risk with it.
    struct Blocked {
        std::string step, problem, since;
        std::int64_t amount = 0;
        bool is_refund() const { return step.starts_with("refund-"); }
    };

    static void text_if(std::string& out, std::string_view name, const std::string& text) {
        if (!text.empty()) append_text(out, name, text);
    }

    std::string* text_named(std::string_view name) {
        if (name == "offer_id") return &offer_id;
        if (name == "customer_id") return &customer_id;
        if (name == "session") return &session;
        if (name == "code" || name == "decline_code") return &decline_code;
        if (name == "order_id") return &order_id;
        if (name == "currency") return &currency;
        if (name == "expires_at") return &expires_at;
        if (name == "method" || name == "payment_method") return &method;
        if (name == "clubify_order_id") return &told.order;
        if (name == "problem") return &told.problem;
        if (name == "step") return &told.step;
        return nullptr;
    }

    std::int64_t* number_named(std::string_view name) {
        if (name == "total_cents") return &total_cents;
        if (name == "captured_cents") return &captured;
        if (name == "refunding_cents") return &refunding;
        if (name == "refunded_cents") return &refunded;
        if (name == "blocked_cents") return &blocked;
        if (name == "amount_cents") return &told.amount;
        return nullptr;
    }

    void read_blocked(json::value value) {
        Blocked each;
        for (auto field : value.get_object()) {
            const std::string_view name = field.unescaped_key();
            if (name == "amount_cents") {
                each.amount = number_of(field.value());
            } else {
                auto& text = name == "step"      ? each.step
                             : name == "problem" ? each.problem
                                                 : each.since;
                text = text_of(field.value());
            }
        }
        waiting.push_back(std::move(each));
    }

    std::string waiting_json() const {
        std::string out = "[";
        for (const auto& each : waiting) {
            std::string json = "{";
            append_text(json, "step", each.step);
            append_text(json, "problem", each.problem);
            append_number(json, "amount_cents", each.amount);
            append_text(json, "since", each.since);
            (out += out.size() > 1 ? "," : "") += json + '}';
        }
        return out + ']';
    }

    std::int64_t at_risk() const {
        std::int64_t sum = 0;
        for (const auto& each : waiting) sum += each.amount;
        return sum;
    }

    void note_blocked(const RecordedEvent& event) {
        take_away(told.step);
        const auto& each = waiting.emplace_back(
            Blocked{told.step, told.problem, format_time(event.recorded_at), told.amount}
        );
        if (!is_over()) status = "review";
        if (each.is_refund()) refunding -= each.amount;
        if (each.is_refund() || each.step == "complete") blocked += each.amount;
    }

    void note_resolved() {
        const auto resolved = take_away(told.step);
        if (status == "review" && waiting.empty()) status = captured != 0 ? "paid" : "paying";
        if (resolved && resolved->is_refund() && told.accepts_loss) refunding -= resolved->amount;
    }

    /// It waits no longer: what was blocked of a refund is on its way back again.
    std::optional<Blocked> take_away(std::string_view step) {
        const auto found = std::ranges::find(waiting, step, &Blocked::step);
        if (found == waiting.end()) return std::nullopt;
        auto each = std::move(*found);
        waiting.erase(found);
        if (each.is_refund()) refunding += each.amount;
        if (each.is_refund() || each.step == "complete") blocked -= each.amount;
        return each;
    }

    std::int64_t kept() const { return captured - refunded - refunding - blocked; }
    bool is_over() const {
        return status == "completed" || status == "failed" || status == "cancelled" ||
               status == "expired";
    }

    std::string offer_id, customer_id, session, order_id, currency, expires_at, method,
        decline_code;
    std::int64_t total_cents = 0, captured = 0, refunding = 0, refunded = 0, blocked = 0;
    std::vector<Blocked> waiting;  // for a person
    struct {
        std::string order, problem, step;
        std::int64_t amount = 0;
        bool accepts_loss = false, won = false;
    } told;  // by the event that is being read
};

}  // namespace

Projection checkouts_projection() {
    return per_stream<CheckoutRow>(2);
}

}  // namespace vitrine::projections
