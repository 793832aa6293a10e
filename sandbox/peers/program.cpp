#include "sandbox/peers/program.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "net/server.hpp"

namespace vitrine::sandbox::peers {
namespace {

constexpr std::chrono::seconds drain_limit{2};

void serve(const Options& options) {
    boost::asio::io_context loop(1);
    pagarme::Pagarme peer(loop.get_executor(), options.pagarme);
    net::ServerOptions server_options;
    server_options.address = options.address;
    server_options.port = options.port;
    net::Server server(
        {&loop},
        server_options,
        [&](net::Request request) { return peer.handle(std::move(request)); },
        [](net::Refusal, const net::Request&) {
            return pagarme::Pagarme::refuse(400, "The request is invalid.");
        }
    );
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([&](boost::system::error_code error, int) {
        if (!error) server.drain(drain_limit, [&] { loop.stop(); });
    });
    const Json ready{
        {"event", "ready"}, {"profile", options.profile}, {"listen", server.endpoint()}
    };
    std::cout << ready.dump() << std::endl;
    if (std::cout) loop.run();  // else nobody could know where: main says why
}

}  // namespace

int run(const Options& options) {
    try {
        serve(options);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "peer-sandbox: " << error.what() << std::endl;
        return 1;
    }
}

}  // namespace vitrine::sandbox::peers
