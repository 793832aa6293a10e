#include "api/service/service.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "api/config/clubify_url.hpp"
#include "api/control/catalogue_operations.hpp"
#include "api/control/release_and_wait.hpp"
#include "api/control/server.hpp"
#include "api/http/backend.hpp"
#include "api/http/http_api.hpp"
#include "api/http/metrics.hpp"
#include "api/http/respond.hpp"
#include "api/log/log.hpp"
#include "api/service/accounts.hpp"
#include "api/service/facts.hpp"
#include "api/service/health_watch.hpp"
#include "api/service/key_uses.hpp"
#include "api/service/loops.hpp"
#include "api/service/open_keys.hpp"
#include "api/service/read_models_wait.hpp"
#include "api/service/tell.hpp"
#include "commands/tenants/tenants.hpp"
#include "net/server.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/sqlite_event_store.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;

/// A little longer than a command may take, so that whoever waits for one is answered.
constexpr std::chrono::milliseconds answer_slack{1'000};
constexpr std::chrono::milliseconds command_drain{10'000};

store::DataLock take_lock(const std::filesystem::path& data) {
    auto lock = store::DataLock::try_take(data);
    if (!lock) throw std::runtime_error(data.string() + " is in use by another process");
    return *std::move(lock);
}

void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

store::SqliteOptions store_options(const Config& config) {
    store::SqliteOptions options;
    options.queue_limit = config.queue_limit;
    options.disk_reserve = config.disk_reserve;
    // Whoever waits for a command is answered in time.
    options.lock_patience = std::min(options.lock_patience, config.command_deadline / 2);
    return options;
}

projections::Options projection_options() {
    projections::Options options;
    options.changed = tell_projection;
    options.building = tell_build;
    options.rebuild_failed = tell_failed_rebuild;
    return options;
}

clubify::Options clubify_options(const Config& config) {
    clubify::Options options;
    options.calls_per_tenant = config.clubify_calls_per_tenant;
    options.http.connections_per_origin = config.clubify_calls_per_tenant;
    options.platform_news = tell_platform;
    return options;
}

commands::BusOptions bus_options(const Config& config) {
    commands::BusOptions options;
    options.deadline = config.command_deadline;
    options.turn_wait = config.command_turn_wait;
    options.execution.settle = config.clubify_settle;
    return options;
}

queries::LiveOptions live_options(const Config& config) {
    queries::LiveOptions options;
    options.deadline = config.live_deadline;
    options.fresh = config.live_fresh;
    options.refresh = config.live_fresh * 3 / 5;
    return options;
}

net::ServerTls load_tls(const Config& config) {
    auto loaded = net::load_server_tls(config.tls_certificate, config.tls_key);
    if (!loaded) throw std::runtime_error("TLS: " + loaded.error());
    return *std::move(loaded);
}

net::ServerOptions server_options(const Config& config) {
    net::ServerOptions options;
    options.address = config.address;
    options.port = config.port;
    options.connection_limit = config.connection_limit;
    options.header_limit = config.header_limit;
    options.body_limit = config.body_limit;
    options.handshake_timeout = config.tls_handshake_timeout;
    options.header_timeout = config.header_timeout;
    options.body_timeout = config.body_timeout;
    options.idle_timeout = config.idle_timeout;
    options.write_timeout = config.write_timeout;
    if (!config.tls_certificate.empty()) options.tls = load_tls(config);
    return options;
}

/// A fault of the address becomes a sentence.
template <class Use>
auto naming_address(const Config& config, Use use) {
    try {
        return use();
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error(
            "cannot listen on " + net::host_and_port(config.address, config.port) + ": " +
            error.code().message()
        );
    }
}

/// Said before anything is built.
net::ServerOptions free_server_options(const Config& config) {
    auto options = server_options(config);
    naming_address(config, [&options] { net::require_free_address(options); });
    return options;
}

}  // namespace

/// In the order in which things need each other; they end in the reverse order.
class Service::Impl {
public:
    explicit Impl(const Config& config);
    void run();

private:
    asio::awaitable<void> open();
    std::unique_ptr<net::Server> listen();
    void tell_of_tenants();
    void tell_ready();
    void await_signal();
    void await_reload();
    void reload();
    void drain();

    Config config_;
    store::DataLock lock_;
    net::ServerOptions server_options_;
    Clock clock_ = system_clock();
    UuidSource new_id_ = uuid_v7_source(clock_);
    Loops loops_;
    asio::signal_set signals_;
    asio::signal_set reloads_;
    std::unique_ptr<store::Keys> keys_;
    KeyUses key_uses_;
    AccountCache accounts_;
    std::unique_ptr<store::EventStore> store_;
    projections::Projections projections_;
    std::unique_ptr<HealthWatch> health_;  // nullptr until it is ready
    clubify::Clubify clubify_;
    queries::LiveMetrics live_;
    queries::NewEvents new_events_;
    commands::CommandBus bus_;
    commands::Catalogue catalogue_;
    commands::Tenants tenants_;
    RequestMetrics metrics_;
    WebhookMetrics webhook_metrics_;
    HttpApi http_;
    std::unique_ptr<net::Server> server_;  // nullptr until it is ready
    ControlServer control_;
    bool draining_ = false;
};

Service::Impl::Impl(const Config& config)
    : config_(config),
      lock_(take_lock(config.data)),
      server_options_(free_server_options(config)),
      loops_(config.io_threads != 0 ? config.io_threads : Loops::usual_count()),
      signals_(loops_.main(), SIGTERM, SIGINT),
      reloads_(loops_.main(), SIGHUP),
      keys_(open_keys(config.data, config.master_key_file)),
      key_uses_(*keys_),
      accounts_(*keys_, config.clubify_url.value_or(official_url())),
      store_(store::open_event_store(config.data, store_options(config))),
      projections_(*store_, config.data, projections::catalogue(), projection_options()),
      clubify_(loops_.main().get_executor(), clubify_options(config), clock_),
      live_(
          loops_.main().get_executor(),
          clubify_,
          [this](const TenantId& tenant) { return accounts_.find(tenant); },
          live_options(config)
      ),
      new_events_(*store_),
      bus_(
          loops_.main().get_executor(),
          *store_,
          clubify_,
          [this](const TenantId& tenant) { return accounts_.find(tenant); },
          bus_options(config),
          clock_,
          new_id_,
          tell_command,
          facts_of_read_models(*store_, projections_)
      ),
      catalogue_(
          {*store_,
           clubify_,
           [this](const TenantId& tenant) { return accounts_.find(tenant); },
           clock_,
           new_id_}
      ),
      tenants_(*keys_, *store_, clock_, new_id_),
      metrics_(routes()),
      http_(Backend{
          loops_.main().get_executor(),
          *keys_,
          {*store_, projections_, clock_},
          live_,
          new_events_,
          bus_,
          catalogue_,
          clubify_,
          metrics_,
          webhook_metrics_,
          [this](const TenantId& tenant) { return accounts_.webhook_secret(tenant); },
          new_id_,
          [this] { return server_->connections(); },
          {config.cors_origins, config.key_limit, config.ready_lag_events, config.ready_lag_time}
      }),
      control_(
          config.data,
          {*keys_,
           [this](const std::string& name, const projections::RebuildOptions& options) {
               return projections_.rebuild(name, options);
           },
           [this](const std::string& name) { return projections_.drop_old(name); },
           [this](const std::string& name, const std::optional<TenantId>& tenant) {
               return projections_.parked(name, tenant);
           },
           [this](const std::string& name, projections::Release release) {
               return release_and_wait(projections_, name, std::move(release));
           },
           catalogue_operations(loops_.main(), catalogue_),
           [this](const TenantId& tenant, const store::PruneOptions& options) {
               return store::prune_journal(*store_, tenant, options);
           },
           [this]() -> commands::Tenants& { return tenants_; },
           [this](const std::optional<std::string>& hex, const std::string& by) {
               return change_master_key(*keys_, config_.data, config_.master_key_file, hex, by);
           }}
      ) {}

/// What a process that was cut off, or a copy that was put back, left out. A full disk is no reason
/// not to serve.
void Service::Impl::tell_of_tenants() {
    const auto told = tenants_.bring_together();
    if (!told) return log::warn("the log lacks events of tenants", {{"reason", told.error()}});
    if (*told != 0) log::info("the log is told of tenants", {{"events", *told}});
}

/// First whatever a request may ask for, then the port.
asio::awaitable<void> Service::Impl::open() {
    tell_of_tenants();
    co_await wait_for_read_models(projections_, store_->head(), [this] { return draining_; });
    if (draining_) co_return;
    health_ = std::make_unique<HealthWatch>(*store_, projections_, config_.ready_lag_time);
    if (const auto unfinished = bus_.recover(); unfinished != 0)
        log::info("unfinished commands are taken up", {{"count", unfinished}});
    server_ = listen();
    tell_ready();
}

std::unique_ptr<net::Server> Service::Impl::listen() {
    return naming_address(config_, [this] {
        return std::make_unique<net::Server>(
            loops_.all(),
            std::move(server_options_),
            [this](net::Request request) { return http_.handle(std::move(request)); },
            [this](net::Refusal refusal, const net::Request& request) {
                return http_.refuse(refusal, request);
            }
        );
    });
}

void Service::Impl::tell_ready() {
    const auto listening = server_->endpoint();
    const auto position = store_->head();
    nlohmann::ordered_json ready;
    ready["event"] = "ready";
    ready["listen"] = listening;
    ready["position"] = position;
    std::cout << ready.dump() << std::endl;
    if (!std::cout) {  // nobody could know where: main says why
        draining_ = true;
        return drain();
    }
    log::info(
        "started", {{"version", VITRINE_VERSION}, {"listen", listening}, {"position", position}}
    );
}

void Service::Impl::run() {
    await_signal();
    await_reload();
    asio::co_spawn(loops_.main(), open(), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
    loops_.run();
    control_.stop();
    projections_.stop();
    log::info("stopped", {{"position", store_->head()}});
}

void Service::Impl::await_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
        if (error) return;
        if (draining_) std::_Exit(128 + signal);
        draining_ = true;
        await_signal();
        drain();
    });
}

void Service::Impl::await_reload() {
    reloads_.async_wait([this](boost::system::error_code error, int) {
        if (error) return;
        await_reload();
        reload();
    });
}

void Service::Impl::reload() {
    if (config_.tls_certificate.empty()) return log::info("nothing to reload: no TLS");
    try {
        auto tls = load_tls(config_);
        if (server_) {
            server_->replace_tls(std::move(tls));
        } else {
            server_options_.tls = std::move(tls);
        }
        log::info("certificate reloaded", {{"file", config_.tls_certificate.string()}});
    } catch (const std::runtime_error& fault) {
        log::error("certificate not reloaded, the old one stays", {{"reason", fault.what()}});
    }
}

void Service::Impl::drain() {
    log::info("stopping");
    if (!server_) return loops_.stop();
    bus_.refuse_new();
    new_events_.close();
    server_->drain(config_.command_deadline + answer_slack, [this] {
        bus_.drain(command_drain, [this] { loops_.stop(); });
    });
}

Service::Service(const Config& config) {
    raise_file_limit();
    impl_ = std::make_unique<Impl>(config);
}

Service::~Service() = default;

void Service::run() {
    impl_->run();
}

}  // namespace vitrine::api
