// The Clubify client on one core: keep-alive GETs, so many at once, through the whole gateway
// (token, gate, breaker, rate limit, parsing of the answer). Prints one JSON object.

#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "gateways/clubify/clubify.hpp"

namespace {

namespace asio = boost::asio;
namespace clubify = vitrine::clubify;
using Time = std::chrono::steady_clock;

struct Tally {
    std::vector<std::uint32_t> micros;
    std::uint64_t failed = 0;
    std::string first_failure;
    bool stopped = false;
};

/// One caller: its next request when the last is answered. Each caller's path is its own, so that
/// none shares the answer of another.
asio::awaitable<void> call(
    clubify::Clubify& clubify, clubify::Account account, std::string path, Tally& tally
) {
    clubify::Call get;
    get.method = "GET";
    get.path = std::move(path);
    while (!tally.stopped) {
        const auto began = Time::now();
        const auto answer = co_await clubify.send(account, get);
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - began);
        if (answer) {
            tally.micros.push_back(static_cast<std::uint32_t>(took.count()));
        } else if (tally.failed++ == 0) {
            tally.first_failure = answer.error().message.english();
        }
    }
}

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double millis(const std::vector<std::uint32_t>& sorted, double part) {
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(last * part)] / 1000.0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Calls a Clubify platform with this service's client, and measures it.");
    std::string url, path = "/health";
    std::size_t callers = 64;
    double seconds = 5;
    app.add_option("--url", url, "http://host:port/api/v1")->required();
    app.add_option("--path", path)->capture_default_str();
    app.add_option("--callers", callers, "calls at once")->capture_default_str();
    app.add_option("--seconds", seconds)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    const auto base = vitrine::net::parse_base_url(url);
    if (!base) {
        std::cerr << "client_bench: not an http URL: " << url << '\n';
        return 2;
    }
    clubify::Account account;
    account.tenant = vitrine::TenantId("bench");
    account.base = *base;
    account.api_key = "clb_test_0123456789abcdef0123456789abcdef";
    account.tenant_id = "0123456789abcdef01234567";

    asio::io_context loop(1);
    clubify::Clubify clubify(loop.get_executor(), {}, vitrine::system_clock());
    Tally tally;
    tally.micros.reserve(1 << 20);
    for (std::size_t i = 0; i < callers; ++i) {
        auto own = path + (path.find('?') == std::string::npos ? '?' : '&') +
                   "caller=" + std::to_string(i);
        asio::co_spawn(loop, call(clubify, account, std::move(own), tally), asio::detached);
    }
    asio::steady_timer end(
        loop, std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6))
    );
    end.async_wait([&](boost::system::error_code) {
        tally.stopped = true;
        loop.stop();
    });
    const auto began = Time::now();
    const auto cpu_began = cpu_seconds();
    loop.run();
    const auto took = std::chrono::duration<double>(Time::now() - began).count();
    if (tally.micros.empty()) {
        std::cerr << "client_bench: nothing was answered: " << tally.first_failure << '\n';
        return 1;
    }
    std::ranges::sort(tally.micros);
    const auto count = static_cast<double>(tally.micros.size());
    const auto cpu = cpu_seconds() - cpu_began;
    std::cout << "{\"calls\":" << tally.micros.size() << ",\"seconds\":" << took
              << ",\"calls_per_second\":" << count / took
              << ",\"calls_per_cpu_second\":" << count / cpu
              << ",\"latency_ms\":{\"p50\":" << millis(tally.micros, 0.5)
              << ",\"p99\":" << millis(tally.micros, 0.99) << "},\"failed\":" << tally.failed << "}"
              << std::endl;
    return tally.failed == 0 ? 0 : 1;
}
