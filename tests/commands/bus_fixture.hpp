#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "commands/areas.hpp"
#include "commands/engine/bus.hpp"
#include "commands/facts.hpp"
#include "commands/products/claim_known_skus.hpp"
#include "gateways/clubify/credentials.hpp"
#include "gateways/clubify/effects.hpp"
#include "net/server.hpp"
#include "sandbox/platform.hpp"
#include "sandbox/world.hpp"
#include "store/open_store.hpp"
#include "tests/store/far_store.hpp"
#include "tests/support/catch.hpp"

// A command bus on a real log, against the sandbox over a real socket, all on one loop that the
// test runs.
namespace vitrine::commands::spec {

namespace asio = boost::asio;
using Json = nlohmann::ordered_json;

/// Where the log is: on this disk, or 5 ms away.
enum class LogIs { near, far };

class BusFixture {
public:
    explicit BusFixture(LogIs log_is = LogIs::near) : log_is_(log_is) {
        char name[] = "/tmp/vitrine-bus-XXXXXX";
        directory_ = mkdtemp(name);
        start_platform();
        open();
    }

    ~BusFixture() {
        close();
        stop_platform();
        platform_work_.reset();
        platform_thread_.join();
        std::filesystem::remove_all(directory_);
    }

    BusFixture(const BusFixture&) = delete;
    BusFixture& operator=(const BusFixture&) = delete;

    /// The server process starts anew on the same data: what ran in it is gone.
    void restart() {
        close();
        open();
        claim_known_skus(*store, new_id, notify());
        run(bus->recover());
    }

    CommandReply handle(CommandRequest request) { return run(bus->handle(std::move(request))); }

    std::vector<CommandReply> handle_at_once(std::vector<CommandRequest> requests) {
        std::vector<std::future<CommandReply>> replies;
        for (auto& request : requests) {
            replies.push_back(
                asio::co_spawn(*loop, bus->handle(std::move(request)), asio::use_future)
            );
        }
        std::vector<CommandReply> results;
        for (auto& reply : replies) results.push_back(wait(std::move(reply)));
        return results;
    }

    template <class T>
    T run(asio::awaitable<T> work) {
        return wait(asio::co_spawn(*loop, std::move(work), asio::use_future));
    }

    /// Runs the loop until no command is under way.
    void run_until_idle() {
        const store::testing::Serving serving;
        while (bus->running() != 0) {
            loop->restart();
            loop->run_one();
        }
    }

    CommandRequest request(
        std::string name, std::string method, std::string path, std::string body
    ) {
        CommandRequest result;
        result.principal = {TenantId("acme"), store::Role::admin, "key:test"};
        result.name = std::move(name);
        result.method = std::move(method);
        result.path = std::move(path);
        result.body = std::move(body);
        return result;
    }

    CommandRequest create_offer(std::string body) {
        return request("CreateOffer", "POST", "/v1/offers", std::move(body));
    }
    CommandRequest create_product(std::string body) {
        return request("CreateProduct", "POST", "/v1/products", std::move(body));
    }
    CommandRequest on_offer(std::string name, const std::string& id, std::string body = "") {
        auto result = request(name, "POST", "/v1/offers/" + id + "/" + name, std::move(body));
        result.entity_id = id;
        return result;
    }

    /// A product's id on the platform.
    std::string product_there() {
        const auto reply = handle(create_product(R"({"name":"Curso","price_cents":100})"));
        return Json::parse(reply.body).at("clubify_product_id");
    }

    void fault(const std::string& rule) {
        const auto rules = sandbox::Json::parse(R"({"rules":[)" + rule + "]}");
        REQUIRE(on_platform([&] { return platform_->faults().add(rules).has_value(); }));
    }
    void no_faults() {
        on_platform([this] { return platform_->faults().clear(), true; });
    }

    /// Asks the platform beside the client, below /api/v1 or its control plane.
    Json ask_platform(std::string target) {
        net::Request request;
        request.method = "GET";
        request.target = std::move(target);
        auto asked =
            asio::co_spawn(platform_loop_, platform_->handle(std::move(request)), asio::use_future);
        return Json::parse(asked.get().body);
    }
    /// Runs the loop until the platform has received a request for a path that ends so.
    void run_until_received(const std::string& path_end) {
        const auto is_there = [&] {
            const auto requests = ask_platform("/_sandbox/requests").at("requests");
            return std::ranges::any_of(requests, [&](const auto& request) {
                return request.at("path").template get<std::string>().ends_with(path_end);
            });
        };
        const store::testing::Serving serving;
        while (!is_there()) {
            loop->restart();
            loop->run_one();
        }
    }

    /// What is on the platform: "offers", "products".
    Json there(const char* kind) {
        return Json::parse(on_platform([this] { return world_->state.to_json(); })).at(kind);
    }

    /// As a faulty program would have written it; its position.
    Position append(std::string stream, std::string type, std::string data) {
        store::NewEvent event;
        event.id = EventId(uuid_v7_source(system_clock())());
        event.type = std::move(type);
        event.schema = 1;
        event.data = std::move(data);
        event.metadata = "{}";
        store::Append append;
        append.tenant = TenantId("acme");
        append.streams.push_back(
            {StreamName(std::move(stream)), store::ExpectedVersion::stream_exists(), {event}}
        );
        std::promise<Position> done;
        store->append(std::move(append), [&](store::AppendResult result) {
            done.set_value(result ? result->last : 0);
        });
        return done.get_future().get();
    }

    std::vector<events::RecordedEvent> log() {
        return store->read_all(1, {}, 10'000, store::Direction::forwards);
    }
    std::vector<std::string> log_types() {
        std::vector<std::string> types;
        for (const auto& event : log()) types.push_back(event.type);
        return types;
    }

    void stop_platform() {
        on_platform([this] { return server_.reset(), true; });
    }

    void start_platform() {
        on_platform([this] {
            net::ServerOptions listen;
            listen.port = port_;
            server_ = std::make_unique<net::Server>(
                std::vector<asio::io_context*>{&platform_loop_},
                listen,
                [this](net::Request request) { return platform_->handle(std::move(request)); },
                [](net::Refusal, const net::Request&) {
                    return net::Response{400, {}, "", false, {}};
                }
            );
            port_ = server_->port();
            return true;
        });
    }

    BusOptions options = [] {
        BusOptions result;
        result.execution.settle = std::chrono::milliseconds(0);
        result.execution.late_request = std::chrono::milliseconds(0);
        result.execution.first_pause = std::chrono::milliseconds(1);
        result.execution.longest_pause = std::chrono::milliseconds(5);
        return result;
    }();

    JsonText tenant_context;
    std::vector<Definition> commands{definitions().begin(), definitions().end()};
    gateways::Connectors connectors;  // beside Clubify
    UuidSource new_id = uuid_v7_source(system_clock());

    std::chrono::milliseconds call_deadline = clubify::Options{}.call_deadline;

private:
    template <class T>
    T wait(std::future<T> future) {
        const store::testing::Serving serving;
        while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            loop->restart();
            loop->run_one_for(std::chrono::milliseconds(100));
        }
        return future.get();
    }

    void open() {
        loop = std::make_unique<asio::io_context>(1);
        disk_ = store::open_store(store::url_of(directory_));
        if (log_is_ == LogIs::far) far_ = std::make_unique<store::testing::FarStore>(*disk_);
        store = far_ ? far_.get() : disk_.get();
        clubify::Options client_options;
        client_options.call_deadline = call_deadline;
        client = std::make_unique<clubify::Clubify>(
            loop->get_executor(), client_options, system_clock()
        );
        effects = std::make_unique<clubify::ClubifyEffects>(
            *client, [this](const TenantId& tenant) { return account(tenant); }
        );
        facts = facts_of_log(*store);
        connectors.emplace(clubify::connector, effects.get());
        bus = std::make_unique<CommandBus>(
            BusParts{
                .loop = loop->get_executor(),
                .store = *store,
                .facts = *facts,
                .commands = commands,
                .connectors = connectors,
                .tenant_context = [this](const TenantId&) { return tenant_context; },
                .clock = system_clock(),
                .new_id = new_id,
                .notify = notify()
            },
            options
        );
    }

    Notify notify() {
        return [this](const Notice& notice) { notices.push_back(notice); };
    }

    /// As a kill: coroutines end where they are.
    void close() {
        if (far_) far_->read_threads()->stop();
        client->close();
        bus.reset();
        connectors.erase(clubify::connector);
        effects.reset();
        facts.reset();
        client.reset();
        far_.reset();
        disk_.reset();
        loop.reset();
    }

    std::optional<clubify::Account> account(const TenantId& tenant) const {
        const auto base =
            net::parse_base_url("http://127.0.0.1:" + std::to_string(port_) + "/api/v1");
        return clubify::Account{
            tenant,
            *base,
            "clb_test_0123456789abcdef0123456789abcdef",
            "65f0c0ffee00000000000001",
            "",
            tenant_context
        };
    }

    /// Runs `function` on the platform's thread.
    template <class Function>
    std::invoke_result_t<Function&> on_platform(Function function) {
        std::packaged_task<std::invoke_result_t<Function&>()> task(std::move(function));
        auto result = task.get_future();
        asio::post(platform_loop_, [&task] { task(); });
        return result.get();
    }

    std::string directory_;
    LogIs log_is_;
    std::unique_ptr<store::EventStore> disk_;
    std::unique_ptr<store::testing::FarStore> far_;
    std::uint16_t port_ = 0;
    asio::io_context platform_loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> platform_work_ =
        asio::make_work_guard(platform_loop_);
    std::unique_ptr<sandbox::World> world_ = std::make_unique<sandbox::World>(
        7, sandbox::SandboxClock({}), *Zone::find("America/Sao_Paulo"), false
    );
    std::unique_ptr<sandbox::Platform> platform_ = std::make_unique<sandbox::Platform>(
        platform_loop_.get_executor(), *world_, nullptr, sandbox::PlatformOptions{}
    );
    std::unique_ptr<net::Server> server_;
    std::thread platform_thread_{[this] { platform_loop_.run(); }};

public:
    std::unique_ptr<asio::io_context> loop;
    store::EventStore* store = nullptr;
    std::unique_ptr<clubify::Clubify> client;
    std::unique_ptr<clubify::ClubifyEffects> effects;
    std::unique_ptr<const Facts> facts;
    std::unique_ptr<CommandBus> bus;
    std::vector<Notice> notices;
};

/// Each test is run with both.
struct NearAndFar : BusFixture {
    NearAndFar() : BusFixture(GENERATE(LogIs::near, LogIs::far)) {}
};

}  // namespace vitrine::commands::spec
