#include "sandbox/idempotency.hpp"

#include <algorithm>

namespace vitrine::sandbox {
namespace {

constexpr auto kept_for = std::chrono::hours(24);
constexpr std::size_t most_kept = 100'000;

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= 255 &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

std::string IdempotencyStore::key_of(const Call& call) {
    if (call.request.method != "POST") return {};
    auto key = call.request.headers.find("Idempotency-Key").value_or("");
    if (key.empty()) key = text_of(call.body, "idempotency_key");
    if (!is_key(key)) return {};
    return call.space + '\n' + call.target.path + '\n' + std::string(key);
}

std::optional<Result> IdempotencyStore::find(const Call& call, const std::string& key) const {
    const auto found = kept_.find(key);
    if (found == kept_.end() || call.now() >= found->second.until) return std::nullopt;
    if (found->second.body == call.request.body) return found->second.result;
    return std::unexpected(conflict(
        "Idempotency-Key was used with another body",
        "idempotency_key_reuse",
        "Idempotency-Key",
        "",
        "Use a new key"
    ));
}

void IdempotencyStore::keep(const Call& call, const std::string& key, const Result& result) {
    if (kept_.size() >= most_kept) kept_.clear();
    kept_.insert_or_assign(key, Kept{call.request.body, result, call.now() + kept_for});
}

}  // namespace vitrine::sandbox
