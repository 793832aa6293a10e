#include "sandbox/program.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "net/server.hpp"
#include "sandbox/journal_file.hpp"
#include "sandbox/platform.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::chrono::seconds drain_limit{2};
constexpr std::uint64_t body_limit = 64 * 1024 * 1024;  // a file of orders comes in one piece

/// What ends the program with one line and a code.
struct Failure {
    int code;
    std::string text;
};

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Failure{2, "cannot read " + path};
    std::ostringstream bytes;
    bytes << file.rdbuf();
    if (!file || bytes.bad()) throw Failure{2, "cannot read " + path};
    return std::move(bytes).str();
}

std::uint64_t seed_of(const Options& options) {
    if (options.seed) return *options.seed;
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

void load_orders(World& world, const std::string& path) {
    if (path.empty()) return;
    const auto added = world.orders.add_csv(read_file(path), OrderBook::Header::required);
    if (!added) throw Failure{2, path + ": " + added.error()};
}

void load_faults(FaultRules& faults, const std::string& path) {
    if (path.empty()) return;
    const auto input = parse_json(read_file(path));
    if (!input) throw Failure{2, path + ": " + input.error()};
    if (const auto added = faults.add(*input); !added) {
        throw Failure{2, path + ": " + added.error().message};
    }
}

Refusal words_for(net::Refusal refusal) {
    switch (refusal) {
        case net::Refusal::body_too_large:
            return {.status = 413, .message = "request entity too large", .code = "too_large"};
        case net::Refusal::header_too_large:
            return {.status = 431, .message = "Header fields too large", .code = "too_large"};
        case net::Refusal::timed_out:
            return {.status = 408, .message = "Request timeout", .code = "timed_out"};
        case net::Refusal::malformed:
            break;
    }
    return bad_request("The request is not HTTP", "malformed");
}

int serve(const Options& options) {
    boost::asio::io_context loop(1);
    int code = 0;
    World world(
        seed_of(options),
        SandboxClock(options.clock),
        Zone::find(options.zone).value(),
        options.strict
    );
    load_orders(world, options.orders_file);
    std::unique_ptr<Keeping> keeping;
    if (!options.state_file.empty()) {
        const auto on_failure = [&](const std::string& problem) {
            std::cerr << "clubify-sandbox: " << problem << std::endl;
            boost::asio::post(loop, [&] {
                code = 1;
                loop.stop();
            });
        };
        keeping = std::make_unique<Keeping>(world, options.state_file, on_failure);
    }
    Platform platform(
        loop.get_executor(),
        world,
        keeping.get(),
        {options.rate_rule, options.idempotency, options.webhooks}
    );
    load_faults(platform.faults(), options.faults_file);

    net::ServerOptions server_options;
    server_options.address = options.address;
    server_options.port = options.port;
    server_options.body_limit = body_limit;
    net::Server server(
        {&loop},
        server_options,
        [&](net::Request request) { return platform.handle(std::move(request)); },
        [&](net::Refusal refusal, const net::Request&) {
            return platform.refuse(words_for(refusal));
        }
    );
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([&](boost::system::error_code error, int) {
        if (!error) server.drain(drain_limit, [&] { loop.stop(); });
    });
    Json ready{{"event", "ready"}, {"listen", server.endpoint()}};
    std::cout << ready.dump() << std::endl;
    if (!std::cout) return code;  // nobody could know where: main says why
    loop.run();
    return code;
}

}  // namespace

int run(const Options& options) {
    const auto fail = [](int code, const std::string& text) {
        std::cerr << "clubify-sandbox: " << text << std::endl;
        return code;
    };
    try {
        return serve(options);
    } catch (const Failure& failure) {
        return fail(failure.code, failure.text);
    } catch (const StateDamaged& error) {
        return fail(3, error.what());
    } catch (const boost::system::system_error& error) {
        const auto where = net::host_and_port(options.address, options.port);
        return fail(1, "cannot listen on " + where + ": " + error.code().message());
    } catch (const std::exception& error) {
        return fail(1, error.what());
    }
}

}  // namespace vitrine::sandbox
