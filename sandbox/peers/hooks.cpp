#include "sandbox/peers/hooks.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>

#include "core/base64.hpp"
#include "sandbox/webhook_target.hpp"

namespace vitrine::sandbox::peers {
namespace {

constexpr std::uint64_t id_stream = 12;
constexpr std::size_t most_kept = 10'000;
constexpr std::chrono::milliseconds patience{5'000};

}  // namespace

Hooks::Hooks(boost::asio::any_io_executor loop, HookTarget target, std::uint64_t seed)
    : loop_(std::move(loop)),
      target_(std::move(target)),
      ids_(seed, id_stream),
      client_(loop_, {}) {}

void Hooks::tell(const std::string& type, const Json& data, Timestamp now) {
    if (target_.url.empty()) return;
    Hook hook;
    hook.id = "hook_" + ids_.hex(16);
    hook.type = type;
    hook.created_at = now;
    hook.body = Json{
        {"id", hook.id},
        {"account", {{"id", "acc_sandbox"}, {"name", "peer-sandbox"}}},
        {"type", type},
        {"created_at", format_time(now)},
        {"data", data}
    }.dump();
    waiting_.push_back(first_ + hooks_.size());
    hooks_.push_back(std::move(hook));
    if (hooks_.size() > most_kept && waiting_.front() != first_) {
        hooks_.pop_front();
        ++first_;
    }
    if (held_ || std::exchange(sending_, true)) return;
    boost::asio::co_spawn(loop_, send_waiting(), boost::asio::detached);
}

boost::asio::awaitable<void> Hooks::send_waiting() {
    while (!held_ && !waiting_.empty()) {
        const auto number = waiting_.front();
        waiting_.pop_front();
        co_await send(number);
    }
    sending_ = false;
}

boost::asio::awaitable<std::size_t> Hooks::deliver(std::size_t times, bool reversed) {
    auto numbers = std::exchange(waiting_, {});
    if (reversed) std::ranges::reverse(numbers);
    std::size_t sent = 0;
    for (std::size_t time = 0; time < times; ++time) {
        for (const auto number : numbers) {
            co_await send(number);
            ++sent;
        }
    }
    co_return sent;
}

boost::asio::awaitable<void> Hooks::send(std::size_t number) {
    if (number < first_) co_return;
    auto& hook = hooks_[number - first_];
    net::Request request;
    request.method = "POST";
    const auto target = webhook_target(target_.url);
    request.target = target ? target->target : "/";
    request.headers.add("Content-Type", "application/json");
    request.headers.add("User-Agent", "peer-sandbox");
    if (!target_.user.empty()) {
        request.headers.add(
            "Authorization", "Basic " + encode_base64(target_.user + ':' + target_.password)
        );
    }
    request.body = hook.body;
    ++hook.attempts;
    bool taken = false;
    if (target) {
        const auto answer =
            co_await client_.send(target->base, "hooks", std::move(request), patience);
        taken = answer && answer->status / 100 == 2;
    }
    if (number < first_) co_return;
    hooks_[number - first_].status = taken ? "sent" : "failed";
}

Json Hooks::list(std::string_view status) const {
    auto all = Json::array();
    for (auto hook = hooks_.rbegin(); hook != hooks_.rend(); ++hook) {
        if (!status.empty() && hook->status != status) continue;
        all.push_back(
            {{"id", hook->id},
             {"type", hook->type},
             {"status", hook->status},
             {"attempts", hook->attempts},
             {"created_at", format_time(hook->created_at)}}
        );
    }
    return all;
}

}  // namespace vitrine::sandbox::peers
