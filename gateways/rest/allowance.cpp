#include "gateways/rest/allowance.hpp"

#include <algorithm>
#include <charconv>

namespace vitrine::rest {
namespace {

/// A later reset is that of another clock, and no reason to stand still.
constexpr std::chrono::minutes longest_window{15};
/// Until an answer tells the end of a window that has just begun.
constexpr std::chrono::seconds next_look{1};

std::optional<std::int64_t> number(const net::Headers& headers, std::string_view name) {
    const auto field = headers.find(name);
    if (!field) return std::nullopt;
    std::int64_t value = 0;
    const auto* end = field->data() + field->size();
    const auto parsed = std::from_chars(field->data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end || value < 0) return std::nullopt;
    return value;
}

}  // namespace

std::optional<Allowance::Share> Allowance::take(Timestamp now) {
    if (announced_ && now >= reset_) {
        left_ = limit_ - under_way_;
        reset_ = now + next_look;
    }
    if (announced_ && left_ <= 0) return std::nullopt;
    --left_;
    ++under_way_;
    return Share(shared_from_this());
}

void Allowance::note(const net::Headers& headers, Timestamp now) {
    const auto remaining = number(headers, "X-RateLimit-Remaining");
    const auto reset_seconds = number(headers, "X-RateLimit-Reset");
    if (!remaining || !reset_seconds) return;
    const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
    const auto wait = std::chrono::seconds(*reset_seconds) - now_seconds;
    if (wait <= std::chrono::seconds(0) || wait > longest_window) return;
    const Timestamp reset(std::chrono::seconds{*reset_seconds});
    // Of one window, the end may be told rounded this way or that.
    const bool same = announced_ && std::chrono::abs(reset - reset_) <= std::chrono::seconds(1);
    // Of a new one, its own request, still under way here, is counted there; the others perhaps
    // not.
    const auto others = std::max<std::int64_t>(under_way_ - 1, 0);
    left_ = same ? std::min(left_, *remaining) : *remaining - others;
    limit_ = number(headers, "X-RateLimit-Limit").value_or(std::max<std::int64_t>(*remaining, 1));
    reset_ = same ? std::max(reset, reset_) : reset;
    announced_ = true;
}

std::optional<std::int64_t> Allowance::left() const {
    return announced_ ? std::optional(std::max<std::int64_t>(left_, 0)) : std::nullopt;
}

}  // namespace vitrine::rest
