#include "commands/engine/leases.hpp"

#include <time.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

#include "store/append.hpp"

namespace vitrine::commands {

namespace asio = boost::asio;

std::chrono::steady_clock::time_point time_since_boot() {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::steady_clock::time_point(
        std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)
    );
}

Leases::Leases(asio::any_io_executor loop, store::EventStore& store, LeaseOptions options)
    : loop_(std::move(loop)), store_(store), options_(std::move(options)), timer_(loop_) {}

void Leases::expect(const store::CommandName& name, bool is_own) {
    rows_[name] = {is_own, std::nullopt};
    renew_later();
}

void Leases::hold(const store::CommandName& name, Time since) {
    rows_[name] = {true, since};
    renew_later();
}

void Leases::stop_renewing(const store::CommandName& name) {
    rows_[name] = {false, std::nullopt};
}

bool Leases::is_held(const store::CommandName& name) const {
    const auto row = rows_.find(name);
    return row != rows_.end() && row->second.since &&
           elapsed() - *row->second.since < options_.length - options_.margin;
}

asio::awaitable<void> Leases::renew() {
    while (true) {
        const auto asked_at = elapsed();
        store::Renew renew{from_now(), {}};
        for (const auto& [name, row] : rows_) {
            if (row.is_own) renew.rows.push_back(name);
        }
        if (renew.rows.empty()) co_return;
        store::Append append;
        append.tenant = renew.rows.front().tenant;
        append.journal = renew;
        const auto renewed = co_await store::append_to(store_, std::move(append));
        if (renewed) {
            for (const auto& name : renew.rows) {
                const auto row = rows_.find(name);
                if (row != rows_.end() && row->second.is_own) row->second.since = asked_at;
            }
            co_return;
        }
        // The others are renewed without the one that somebody else has by now.
        const auto lost =
            std::ranges::find(renew.rows, renewed.error().holder, &store::CommandName::id);
        if (renewed.error().kind != store::AppendError::Kind::not_owner || lost == renew.rows.end())
            co_return;
        if (const auto row = rows_.find(*lost); row != rows_.end()) row->second = {};
    }
}

void Leases::renew_later() {
    if (has_stopped_ || std::exchange(is_waiting_, true)) return;
    timer_.expires_after(options_.length / 3);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        const auto self = weak.lock();
        if (error || !self) return;
        asio::co_spawn(self->loop_, self->renew(), [self](const std::exception_ptr&) {
            self->is_waiting_ = false;
            const auto is_own = [](const auto& row) { return row.second.is_own; };
            if (std::ranges::any_of(self->rows_, is_own)) self->renew_later();
        });
    });
}

void Leases::stop() {
    has_stopped_ = true;
    timer_.cancel();
}

}  // namespace vitrine::commands
