#include "api/control/release_and_wait.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

namespace vitrine::api {

std::expected<projections::ReleaseReport, projections::ReleaseError> release_and_wait(
    projections::Projections& projections, const std::string& name, projections::Release release
) {
    boost::asio::io_context loop(1);
    auto done = boost::asio::co_spawn(
        loop, projections.release(name, std::move(release)), boost::asio::use_future
    );
    loop.run();
    return done.get();
}

}  // namespace vitrine::api
