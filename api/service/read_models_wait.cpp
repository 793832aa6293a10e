#include "api/service/read_models_wait.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "api/log/log.hpp"
#include "api/log/progress_line.hpp"
#include "net/timer.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

using projections::State;
using projections::Status;
using std::chrono::steady_clock;
namespace asio = boost::asio;

constexpr std::chrono::milliseconds first_pause{5};
constexpr std::chrono::milliseconds longest_pause{100};
constexpr std::chrono::seconds between_lines{10};
constexpr int attempts_that_tell = 4;  // a disk or a lock may pass; an event does not

bool stands_still(const Status& status) {
    return status.stop &&
           (status.stop->position != 0 || status.stop->attempts >= attempts_that_tell);
}

bool is_waited_for(const Status& status, Position head) {
    if (stands_still(status) || status.state == State::upgrading) return false;
    return status.generation == 0 || status.position < head;
}

std::vector<Status> waited_for(const projections::Projections& projections, Position head) {
    auto all = projections.status();
    std::erase_if(all, [head](const Status& status) { return !is_waited_for(status, head); });
    return all;
}

/// Of the log.
Position reached(const Status& status, Position head) {
    const auto done = status.build ? status.build->done : status.position;
    return std::min<Position>(done, head);
}

std::string names_of(const std::vector<Status>& waiting) {
    std::string names;
    for (const auto& status : waiting) names += (names.empty() ? "" : ", ") + status.name;
    return names;
}

/// Tells how far all of them are together.
class Telling {
public:
    explicit Telling(Position head) : head_(head) {}

    void tell(const std::vector<Status>& waiting) {
        if (!most_) {
            most_ = waiting.size();
            log::info(
                "read models are built before requests are served",
                {{"projections", names_of(waiting)}, {"total", head_}}
            );
        }
        draw(waiting);
        const auto now = steady_clock::now();
        if (now - told_ < between_lines) return;
        told_ = now;
        for (const auto& status : waiting) {
            if (status.build) continue;  // it tells of itself
            log::info(
                "read model catches up with the log",
                {{"projection", status.name}, {"done", status.position}, {"total", head_}}
            );
        }
    }

    void end() {
        if (!most_) return;
        line_.clear();
        const std::chrono::duration<double> took = steady_clock::now() - begin_;
        log::info("read models are built", {{"seconds", std::round(took.count() * 1000) / 1000}});
    }

private:
    void draw(const std::vector<Status>& waiting) {
        most_ = std::max(*most_, waiting.size());
        double done = static_cast<double>(*most_ - waiting.size());
        for (const auto& status : waiting) {
            done += static_cast<double>(reached(status, head_)) / static_cast<double>(head_);
        }
        const double share = std::min(1.0, done / static_cast<double>(*most_));
        const std::chrono::duration<double> took = steady_clock::now() - begin_;
        const auto left = share > 0.02 && share < 1
                              ? fmt::format(", {:.0f} s left", took.count() * (1 - share) / share)
                              : std::string();
        line_.show(fmt::format(
            "building read models: {:.0f} %{}  ({})", share * 100, left, names_of(waiting)
        ));
    }

    Position head_;
    std::optional<std::size_t> most_;  // that were waited for; nullopt: none yet
    steady_clock::time_point begin_ = steady_clock::now();
    steady_clock::time_point told_ = begin_;
    log::ProgressLine line_;
};

asio::awaitable<void> wait(
    store::EventStore* store,
    const projections::Projections* projections,
    Position head,
    std::function<bool()> given_up
) {
    Telling telling(head);
    auto pause = first_pause;
    while (!given_up()) {
        const auto waiting =
            co_await store::read(*store, [&] { return waited_for(*projections, head); });
        if (waiting.empty()) co_return telling.end();
        telling.tell(waiting);
        co_await net::wait_for(pause);
        pause = std::min(pause * 2, longest_pause);
    }
}

}  // namespace

asio::awaitable<void> wait_for_read_models(
    store::EventStore& store,
    const projections::Projections& projections,
    Position head,
    std::function<bool()> given_up
) {
    return wait(&store, &projections, head, std::move(given_up));
}

}  // namespace vitrine::api
