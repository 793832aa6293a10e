#include "net/resolve.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace vitrine::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// The system's resolver blocks a thread of Asio and cannot be interrupted: so it reports here, and
/// whoever waits may have gone.
struct Lookup {
    Lookup(const asio::any_io_executor& loop, std::chrono::steady_clock::time_point end)
        : resolver(loop), timer(loop, end) {}

    tcp::resolver resolver;
    asio::steady_timer timer;
    std::vector<tcp::endpoint> found;
    error_code error = asio::error::timed_out;
};

}  // namespace

asio::awaitable<std::expected<std::vector<tcp::endpoint>, error_code>> resolve(
    std::string host, std::uint16_t port, std::chrono::steady_clock::time_point end
) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return std::vector{tcp::endpoint(address, port)};

    auto lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor, end);
    lookup->resolver.async_resolve(
        host,
        std::to_string(port),
        [lookup](error_code failed, const tcp::resolver::results_type& results) {
            lookup->error = failed;
            for (const auto& entry : results) lookup->found.push_back(entry.endpoint());
            lookup->timer.cancel();
        }
    );
    error_code woken;
    co_await lookup->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (lookup->error) co_return std::unexpected(lookup->error);
    co_return std::move(lookup->found);
}

}  // namespace vitrine::net
