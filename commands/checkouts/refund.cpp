#include "commands/checkouts/refund.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "core/money.hpp"

namespace vitrine::commands {
namespace {

using End = CheckoutState::End;

std::int64_t left_of(const SoldLine& line) {
    return std::max<std::int64_t>(0, line.total_cents - line.refunded_cents);
}

/// Shipping and interest, as far as they were not given back.
std::int64_t left_beside_lines(const CheckoutState& state) {
    auto left = state.kept_cents();
    for (const auto& line : state.lines) left -= left_of(line);
    return std::max<std::int64_t>(0, left);
}

/// Of that many pieces: their part of what the line came to.
std::int64_t part_of(const SoldLine& line, std::int64_t quantity) {
    const auto whole = round_div(
        static_cast<Wide>(line.total_cents) * quantity, line.quantity, Rounding::half_away
    );
    return std::min(whole.value_or(line.total_cents), left_of(line));
}

class ReadingLines {
public:
    explicit ReadingLines(const CheckoutState& state) : state_(state) {}

    void read(const LineToRefund& wanted) {
        const auto place = "/lines/" + std::to_string(number_++);
        const auto count = static_cast<std::int64_t>(state_.lines.size());
        if (wanted.line < 0 || wanted.line >= count)
            return fault(
                place + "/line",
                "unknown",
                phrase(
                    "the quote has {} lines, counted from 0",
                    "a cotação tem {} linhas, contadas a partir de 0",
                    count
                )
            );
        if (!seen_.insert(wanted.line).second)
            return fault(place + "/line", "twice", {"is there already", "já está na lista"});
        const auto& line = state_.lines[static_cast<std::size_t>(wanted.line)];
        const auto quantity = wanted.quantity.value_or(0);
        if (quantity > line.quantity)
            return fault(
                place + "/quantity",
                "too_much",
                phrase("{} were sold", "foram vendidos {}", line.quantity)
            );
        const auto left = left_of(line);
        const auto amount =
            wanted.amount_cents.value_or(wanted.quantity ? part_of(line, quantity) : left);
        if (amount > left || amount == 0)
            return fault(
                place + (wanted.amount_cents ? "/amount_cents" : "/line"),
                "too_much",
                phrase("at most {} is left of it", "restam no máximo {} dela", left)
            );
        lines_.push_back({wanted.line, quantity, amount});
    }

    std::expected<std::vector<events::RefundedLine>, std::vector<Fault>> end() {
        if (!faults_.empty()) return std::unexpected(std::move(faults_));
        return std::move(lines_);
    }

private:
    void fault(std::string pointer, std::string code, Phrase detail) {
        faults_.push_back({std::move(pointer), std::move(code), std::move(detail)});
    }

    const CheckoutState& state_;
    std::size_t number_ = 0;
    std::set<std::int64_t> seen_;
    std::vector<events::RefundedLine> lines_;
    std::vector<Fault> faults_;
};

std::unexpected<Rejection> too_much(const char* pointer, std::int64_t left) {
    return std::unexpected(
        invalid({{pointer, "too_much", phrase("at most {} is left", "restam no máximo {}", left)}})
    );
}

std::int64_t sum_of(const std::vector<events::RefundedLine>& lines) {
    std::int64_t sum = 0;
    for (const auto& line : lines) sum += line.amount_cents;
    return sum;
}

/// What the platform cannot complete is given back whole, and ends.
CheckoutEvents give_up_order(
    const CheckoutState& state, const std::string& refund_id, const std::string& reason
) {
    return {
        events::StepResolved{
            state.id, "complete", "refund", reason, state.blocked.at("complete").amount_cents
        },
        events::CheckoutFailed{
            state.id,
            "checkout-failed",
            409,
            "It was given back: " + reason,
            "Foi devolvido: " + reason
        },
        events::RefundAsked{
            state.id,
            refund_id,
            state.kept_cents(),
            reason,
            refund_over_lines(state, state.kept_cents())
        }
    };
}

}  // namespace

std::vector<events::RefundedLine> refund_over_lines(
    const CheckoutState& state, std::int64_t amount_cents
) {
    std::vector<Part> parts;
    for (const auto& line : state.lines) parts.push_back({left_of(line), left_of(line)});
    const auto beside = left_beside_lines(state);
    parts.push_back({beside, beside});
    const auto amounts = allocate(amount_cents, parts);
    std::vector<events::RefundedLine> lines;
    if (!amounts) return lines;
    for (std::size_t i = 0; i < state.lines.size(); ++i) {
        if ((*amounts)[i] != 0) lines.push_back({static_cast<std::int64_t>(i), 0, (*amounts)[i]});
    }
    return lines;
}

std::expected<std::vector<events::RefundedLine>, std::vector<Fault>> refund_of_lines(
    const CheckoutState& state, const std::vector<LineToRefund>& wanted
) {
    ReadingLines reading(state);
    for (const auto& line : wanted) reading.read(line);
    return reading.end();
}

std::int64_t refunded_by(const RefundCheckout& command, const CheckoutState& state) {
    if (command.lines.empty()) return command.amount_cents.value_or(state.kept_cents());
    const auto lines = refund_of_lines(state, command.lines);
    return lines ? sum_of(*lines) : 0;
}

events::DisputeEnded dispute_ended(const CheckoutState& state, bool won) {
    events::DisputeEnded ended{state.id, state.payment.charge_id, state.disputed_cents, won, {}};
    if (!state.order_id.empty()) ended.clubify_order_id = ClubifyId(state.order_id);
    return ended;
}

events::RefundDone refund_done(const CheckoutState& state, const CheckoutRefund& refund) {
    events::RefundDone done{state.id, refund.id, refund.amount_cents, {}, refund.lines};
    if (!state.order_id.empty()) done.clubify_order_id = ClubifyId(state.order_id);
    return done;
}

CheckoutDecision decide(
    const RefundCheckout& command, const CheckoutState& state, const std::string& refund_id
) {
    if (state.blocked.contains("complete") && !command.amount_cents && command.lines.empty())
        return give_up_order(state, refund_id, command.reason);
    if (state.end != End::completed)
        return std::unexpected(Rejection{
            "illegal-transition",
            {"Only what a completed checkout was paid is refunded; one that ends otherwise gives "
             "its money back by itself.",
             "Só se reembolsa o que foi pago num checkout concluído; o que termina de outro modo "
             "devolve o dinheiro por si."},
            {}
        });
    if (command.amount_cents && !command.lines.empty())
        return std::unexpected(invalid(
            {{"/amount_cents",
              "not_with_lines",
              {"the lines say how much", "as linhas dizem quanto"}}}
        ));
    const auto left = state.kept_cents();
    if (command.lines.empty()) {
        const auto amount = refunded_by(command, state);
        if (amount > left || left == 0) return too_much("/amount_cents", left);
        return CheckoutEvents{events::RefundAsked{
            state.id, refund_id, amount, command.reason, refund_over_lines(state, amount)
        }};
    }
    auto lines = refund_of_lines(state, command.lines);
    if (!lines) return std::unexpected(invalid(std::move(lines.error())));
    const auto amount = sum_of(*lines);
    if (amount > left) return too_much("/lines", left);
    return CheckoutEvents{
        events::RefundAsked{state.id, refund_id, amount, command.reason, *std::move(lines)}
    };
}

}  // namespace vitrine::commands
