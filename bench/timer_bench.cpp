// timer_bench [--rate 1000] [--seconds 10] [--open 100000] [--storm 10000]: how late the keeper of
// time wakes who waits, at so many a second while others wait for later; how long so many take that
// are due at one instant; what one costs in memory. The limit beside it: bare timers of the loop.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <optional>
#include <vector>

#include "net/real_timekeeper.hpp"

namespace {

using namespace vitrine;
namespace asio = boost::asio;
using std::chrono::microseconds;

/// How late each was, in ms.
using Lateness = std::vector<double>;

double ms(microseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

void print(const char* what, Lateness late) {
    std::ranges::sort(late);
    const auto at = [&](double share) {
        return late[static_cast<std::size_t>(share * static_cast<double>(late.size() - 1))];
    };
    std::printf(
        "%-34s p50 %7.2f ms, p99 %7.2f ms, most %7.2f ms\n", what, at(0.5), at(0.99), late.back()
    );
    std::fflush(stdout);
}

/// When the i-th of them is due; the first a little after they have all been made.
class Dues {
public:
    Dues(Timestamp now, std::size_t rate, std::size_t seconds)
        : begin_(now + std::chrono::milliseconds(500)), rate_(rate), count_(rate * seconds) {}

    std::size_t count() const { return count_; }
    Timestamp at(std::size_t i) const {
        return begin_ + microseconds(static_cast<std::int64_t>(i * 1'000'000 / rate_));
    }

private:
    Timestamp begin_;
    std::size_t rate_, count_;
};

Lateness of_keeper(asio::io_context& loop, net::Timekeeper& keeper, const Dues& dues) {
    Lateness late;
    late.reserve(dues.count());
    std::vector<net::Appointment> made;
    for (std::size_t i = 0; i < dues.count(); ++i) {
        made.push_back(keeper.at(dues.at(i), [&, due = dues.at(i)] {
            late.push_back(ms(keeper.now() - due));
            if (late.size() == dues.count()) loop.stop();
        }));
    }
    loop.restart();
    loop.run();
    return late;
}

Lateness of_bare_timers(asio::io_context& loop, const Clock& clock, const Dues& dues) {
    Lateness late;
    late.reserve(dues.count());
    std::vector<asio::steady_timer> timers;
    for (std::size_t i = 0; i < dues.count(); ++i) {
        timers.emplace_back(loop, dues.at(i) - clock());
        timers.back().async_wait([&, due = dues.at(i)](auto) {
            late.push_back(ms(clock() - due));
            if (late.size() == dues.count()) loop.stop();
        });
    }
    loop.restart();
    loop.run();
    return late;
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t rate = 1'000, seconds = 10, open = 100'000, storm = 10'000;
    CLI::App app("Measures how late timers fire.");
    app.add_option("--rate", rate)->check(CLI::PositiveNumber);
    app.add_option("--seconds", seconds)->check(CLI::PositiveNumber);
    app.add_option("--open", open, "that wait for a later time meanwhile");
    app.add_option("--storm", storm, "that are due at one instant")->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);

    asio::io_context loop{1};
    net::RealTimekeeper keeper(loop.get_executor());
    const auto before = mallinfo2().uordblks;
    std::vector<net::Appointment> waiting;
    waiting.reserve(open);
    const auto later = keeper.now() + std::chrono::hours(24);
    for (std::size_t i = 0; i < open; ++i)
        waiting.push_back(keeper.at(later + microseconds(static_cast<std::int64_t>(i)), [] {}));
    const auto bytes = mallinfo2().uordblks - before;
    std::printf(
        "%zu that wait for tomorrow: %.1f MiB\n", open, static_cast<double>(bytes) / (1 << 20)
    );

    print("keeper", of_keeper(loop, keeper, Dues(keeper.now(), rate, seconds)));
    print(
        "raw: bare timers of the loop",
        of_bare_timers(loop, keeper.clock(), Dues(keeper.now(), rate, seconds))
    );

    std::vector<net::Appointment> due;
    due.reserve(storm);
    std::size_t woken = 0;
    const auto instant = keeper.now() + std::chrono::milliseconds(500);
    for (std::size_t i = 0; i < storm; ++i) {
        due.push_back(keeper.at(instant, [&] {
            if (++woken == storm) loop.stop();
        }));
    }
    loop.restart();
    loop.run();
    std::printf(
        "%zu due at one instant: the last %.2f ms after it\n", storm, ms(keeper.now() - instant)
    );
}
