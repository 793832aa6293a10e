#include "api/service/service.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "api/config/clubify_url.hpp"
#include "api/control/adoption_operations.hpp"
#include "api/control/clock_operations.hpp"
#include "api/control/delivery_operations.hpp"
#include "api/control/money_operations.hpp"
#include "api/control/release_and_wait.hpp"
#include "api/control/server.hpp"
#include "api/http/backend.hpp"
#include "api/http/http_api.hpp"
#include "api/http/metrics.hpp"
#include "api/http/respond.hpp"
#include "api/keys/accounts.hpp"
#include "api/keys/open_keys.hpp"
#include "api/keys/open_people.hpp"
#include "api/log/log.hpp"
#include "api/service/buyers.hpp"
#include "api/service/delivery_parts.hpp"
#include "api/service/endpoint_receivers.hpp"
#include "api/service/erasure_receivers.hpp"
#include "api/service/facts.hpp"
#include "api/service/health_watch.hpp"
#include "api/service/inventory_receivers.hpp"
#include "api/service/key_uses.hpp"
#include "api/service/loops.hpp"
#include "api/service/people_upkeep.hpp"
#include "api/service/process_runner.hpp"
#include "api/service/read_models_wait.hpp"
#include "api/service/service_time.hpp"
#include "api/service/tell.hpp"
#include "commands/areas.hpp"
#include "commands/products/claim_known_skus.hpp"
#include "commands/tenants/tenants.hpp"
#include "gateways/clubify/credentials.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/payments.hpp"
#include "gateways/pagarme/payments.hpp"
#include "net/server.hpp"
#include "queries/bumps/bump_book.hpp"
#include "queries/customers/customer_tags.hpp"
#include "queries/quotes/price_book.hpp"
#include "store/data_directory.hpp"
#include "store/open_store.hpp"
#include "store/owner.hpp"
#include "store/people_store.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;

/// A little longer than a command may take, so that whoever waits for one is answered.
constexpr std::chrono::milliseconds answer_slack{1'000};
constexpr std::chrono::milliseconds command_drain{10'000};
/// What is not answered by then is sent again after the next start.
constexpr std::chrono::milliseconds delivery_drain{2'000};

store::DataLock take_lock(const std::filesystem::path& data) {
    auto lock = store::DataLock::try_take(data);
    if (!lock) throw std::runtime_error(data.string() + " is in use by another process");
    if (const auto owner = store::foreign_owner(data)) {
        log::warn(
            "root serves the data of another user",
            {{"data", data.string()},
             {"owner", std::to_string(*owner)},
             {"reason", "what is made there now is root's, and a server of that user cannot open it"
             }}
        );
    }
    return *std::move(lock);
}

void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

store::StoreOptions store_options(const Config& config, Clock clock) {
    store::StoreOptions options;
    options.clock = std::move(clock);
    options.queue_limit = config.queue_limit;
    options.disk_reserve = config.disk_reserve;
    // Whoever waits for a command is answered in time.
    options.lock_patience = std::min(options.lock_patience, config.command_deadline / 2);
    return options;
}

projections::Options projection_options(Clock clock) {
    projections::Options options;
    options.clock = std::move(clock);
    options.changed = tell_projection;
    options.building = tell_build;
    options.rebuild_failed = tell_failed_rebuild;
    return options;
}

clubify::Options clubify_options(const Config& config) {
    clubify::Options options;
    options.calls_per_tenant = config.clubify_calls_per_tenant;
    options.http.connections_per_origin = config.clubify_calls_per_tenant;
    options.news = tell_platform;
    return options;
}

rest::Options pagarme_options() {
    rest::Options options;
    options.http.connect_timeout = std::chrono::seconds(3);
    options.news = tell_platform;
    return options;
}

commands::BusOptions bus_options(const Config& config) {
    commands::BusOptions options;
    options.deadline = config.command_deadline;
    options.turn_wait = config.command_turn_wait;
    options.execution.settle = config.clubify_settle;
    return options;
}

webhooks_out::Receivers receivers_of(const Config& config) {
    return config.allow_private_webhooks ? webhooks_out::Receivers::private_too
                                         : webhooks_out::Receivers::of_the_internet;
}

webhooks_out::SenderOptions sender_options(const Config& config) {
    webhooks_out::SenderOptions options;
    options.receivers = receivers_of(config);
    options.deadline = config.webhooks_deadline;
    return options;
}

queries::LiveOptions live_options(const Config& config, Clock clock) {
    queries::LiveOptions options;
    options.clock = std::move(clock);
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
    void erase_what_is_left();
    void tell_ready(Position position);
    gateways::Connectors connectors();
    void await_signal();
    void await_reload();
    void reload();
    void drain();

    Config config_;
    store::DataLock lock_;
    net::ServerOptions server_options_;
    Loops loops_;
    ServiceTime time_;
    Clock clock_ = time_.keeper->clock();
    UuidSource new_id_ = uuid_v7_source(clock_);
    asio::signal_set signals_;
    asio::signal_set reloads_;
    std::unique_ptr<store::Keys> keys_;
    KeyUses key_uses_;
    AccountCache accounts_;
    std::unique_ptr<store::EventStore> log_;
    store::PeopleStore store_;  // the log with people open, for those who work on it
    PeopleUpkeep people_upkeep_;
    projections::Projections projections_;
    net::Watching projections_watched_;
    std::unique_ptr<HealthWatch> health_;  // nullptr until it is ready
    clubify::Clubify clubify_;
    clubify::ClubifyEffects clubify_effects_;
    clubify::ClubifyPayments clubify_payments_;
    pagarme::Pagarme pagarme_;
    pagarme::PagarmePayments pagarme_payments_;
    gateways::Connectors payments_{
        {payments::connector_of(payments::clubify), &clubify_payments_},
        {payments::connector_of(payments::pagarme), &pagarme_payments_}
    };
    queries::LiveMetrics live_;
    queries::PriceBook prices_;
    queries::BumpBook bumps_;
    queries::NewEvents new_events_;
    DeliveryMetrics delivery_metrics_;
    deliveries::Runner deliveries_;
    std::unique_ptr<const commands::Facts> facts_;
    commands::CommandBus bus_;
    ProcessRunner processes_;
    commands::Adoption adoption_;
    commands::Tenants tenants_;
    commands::EndpointSecrets endpoint_secrets_;
    webhooks_out::Sender webhook_sender_;
    EndpointReceivers endpoint_receivers_;
    InventoryReceivers inventory_receivers_;
    ErasureReceivers erasure_receivers_;
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
      time_(open_time(config, loops_.main().get_executor())),
      signals_(loops_.main(), SIGTERM, SIGINT),
      reloads_(loops_.main(), SIGHUP),
      keys_(open_keys(config.data, config.master_key_file, clock_)),
      key_uses_(*keys_),
      accounts_(
          *keys_,
          config.clubify_url.value_or(official_url()),
          config.pagarme_url.value_or(official_pagarme_url())
      ),
      log_(store::open_store(store::url_of(config.data), store_options(config, clock_))),
      store_(
          *log_,
          open_people(config.data, config.master_key_file, clock_),
          {.clock = clock_, .contract_hold = config.people_contract_hold}
      ),
      people_upkeep_(store_.keys(), *time_.keeper, config.people_unknown_retention),
      projections_(
          store_, config.data, projections::every_projection(), projection_options(clock_)
      ),
      projections_watched_(time_.keeper->watch([this] { return projections_.behind(); })),
      clubify_(loops_.main().get_executor(), clubify_options(config), clock_),
      clubify_effects_(clubify_, [this](const TenantId& tenant) { return accounts_.find(tenant); }),
      clubify_payments_(
          clubify_, [this](const TenantId& tenant) { return accounts_.find(tenant); }
      ),
      pagarme_(loops_.main().get_executor(), pagarme_options(), clock_),
      pagarme_payments_(
          pagarme_,
          [this](const TenantId& tenant) { return accounts_.find_pagarme(tenant); },
          buyers_of(store_)
      ),
      live_(
          loops_.main().get_executor(),
          clubify_,
          [this](const TenantId& tenant) { return accounts_.find(tenant); },
          live_options(config, clock_)
      ),
      prices_(projections_, queries::customer_tags(projections_)),
      bumps_({store_.shown(), projections_, clock_}, prices_),
      new_events_(store_.shown()),
      deliveries_(delivery_parts(
          loops_.main().get_executor(),
          *log_,
          config.data,
          *time_.keeper,
          delivery_metrics_,
          [this](const deliveries::ReceiverName& name, const EventId& event) {
              endpoint_receivers_.disable(name, event);
          }
      )),
      facts_(facts_of_read_models(
          store_,
          store_.keys(),
          projections_,
          prices_,
          bumps_,
          receivers_of(config),
          [this](const TenantId& tenant) { return accounts_.payments_provider(tenant); }
      )),
      bus_(
          {.loop = loops_.main().get_executor(),
           .store = store_,
           .facts = *facts_,
           .commands = commands::definitions(),
           .connectors = {{clubify::connector, &clubify_effects_}},
           .tenant_context =
               [this](const TenantId& tenant) {
                   const auto account = accounts_.find(tenant);
                   return account ? account->context : JsonText();
               },
           .clock = clock_,
           .new_id = new_id_,
           .notify = tell_command},
          bus_options(config)
      ),
      processes_(
          {.loop = loops_.main().get_executor(),
           .store = store_,
           .projections = projections_,
           .bus = bus_,
           .connectors = connectors(),
           .time = *time_.keeper,
           .data = config.data,
           .settle = config.clubify_settle}
      ),
      adoption_(
          {store_,
           clubify_,
           [this](const TenantId& tenant) { return accounts_.find(tenant); },
           clock_,
           new_id_}
      ),
      tenants_(*keys_, store_, clock_, new_id_),
      endpoint_secrets_(*keys_),
      webhook_sender_(loops_.main().get_executor(), sender_options(config), clock_),
      endpoint_receivers_(
          {.loop = loops_.main().get_executor(),
           .store = store_,
           .projections = projections_,
           .keys = *keys_,
           .bus = bus_,
           .secrets = endpoint_secrets_,
           .sender = webhook_sender_,
           .runner = deliveries_,
           .clock = clock_,
           .people = store_.keys(),
           .new_id = new_id_}
      ),
      inventory_receivers_(
          {.loop = loops_.main().get_executor(),
           .store = store_,
           .keys = *keys_,
           .runner = deliveries_,
           .inventory =
               {.clubify = clubify_,
                .accounts = [this](const TenantId& tenant) { return accounts_.find(tenant); },
                .projections = projections_,
                .clock = clock_}}
      ),
      erasure_receivers_(
          {.loop = loops_.main().get_executor(),
           .store = store_,
           .keys = *keys_,
           .people = store_.keys(),
           .runner = deliveries_,
           .erasures =
               {.clubify = clubify_,
                .accounts = [this](const TenantId& tenant) { return accounts_.find(tenant); },
                .store = store_}}
      ),
      metrics_(routes()),
      http_(Backend{
          loops_.main().get_executor(),
          *keys_,
          {store_.shown(), projections_, clock_},
          store_,
          store_.keys(),
          live_,
          prices_,
          bumps_,
          new_events_,
          bus_,
          adoption_,
          endpoint_secrets_,
          webhook_sender_,
          clubify_,
          deliveries_,
          metrics_,
          webhook_metrics_,
          delivery_metrics_,
          [this](const TenantId& tenant) { return accounts_.webhook_secret(tenant); },
          [this](const TenantId& tenant) { return accounts_.hook_credentials(tenant); },
          new_id_,
          [this] { return server_->connections(); },
          {.cors_origins = config.cors_origins,
           .key_limit = config.key_limit,
           .ready_lag_events = config.ready_lag_events,
           .ready_lag_time = config.ready_lag_time,
           .test_clock = config.test_clock.has_value()}
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
           adoption_operations(loops_.main(), adoption_),
           money_operation(loops_.main(), store_, payments_),
           [this](const TenantId& tenant, const store::PruneOptions& options) {
               return store::prune_journal(store_, tenant, options);
           },
           [this]() -> store::PeopleStore& { return store_; },
           [this]() -> commands::Tenants& { return tenants_; },
           [this](const std::optional<std::string>& hex, const std::string& by) {
               return change_master_key(*keys_, config_.data, config_.master_key_file, hex, by);
           },
           [this](const char* name) { return projections_.read_model(name).lease(); },
           delivery_operations(loops_.main(), deliveries_),
           clock_,
           clock_operation(loops_.main(), time_.test)}
      ) {}

/// Whom processes work with.
gateways::Connectors Service::Impl::connectors() {
    auto all = payments_;
    all.emplace(clubify::connector, &clubify_effects_);
    return all;
}

/// What a process that was cut off, or a copy that was put back, left out. A full disk is no reason
/// not to serve.
void Service::Impl::tell_of_tenants() {
    const auto told = tenants_.bring_together();
    if (!told) return log::warn("the log lacks events of tenants", {{"reason", told.error()}});
    if (*told != 0) log::info("the log is told of tenants", {{"events", *told}});
}

/// Whom a crash, or a copy that was put back, left readable.
void Service::Impl::erase_what_is_left() {
    const auto count = store_.finish_erasures();
    if (count != 0) log::info("erasures are carried out again", {{"people", count}});
}

/// First whatever a request may ask for, then the port.
asio::awaitable<void> Service::Impl::open() {
    const auto head = co_await store::read(store_, [this] {
        tell_of_tenants();
        erase_what_is_left();
        return store_.head();
    });
    co_await wait_for_read_models(store_, projections_, head, [this] { return draining_; });
    if (draining_) co_return;
    health_ = std::make_unique<HealthWatch>(
        store_,
        projections_,
        [this] { return deliveries_.status(std::nullopt); },
        config_.ready_lag_time
    );
    co_await store::read(store_, [this] {
        commands::claim_known_skus(store_, new_id_, tell_command);
    });
    people_upkeep_.begin();
    if (const auto unfinished = co_await bus_.recover(); unfinished != 0)
        log::info("unfinished commands are taken up", {{"count", unfinished}});
    const auto position = co_await store::read(store_, [this] { return store_.head(); });
    if (draining_) co_return;
    processes_.runner().start();
    co_await store::read(store_, [this] {
        endpoint_receivers_.begin();
        inventory_receivers_.begin();
        erasure_receivers_.begin();
    });
    deliveries_.start();
    server_ = listen();
    tell_ready(position);
}

std::unique_ptr<net::Server> Service::Impl::listen() {
    return naming_address(config_, [this] {
        return std::make_unique<net::Server>(
            loops_.connections(),
            std::move(server_options_),
            [this](net::Request request) { return http_.handle(std::move(request)); },
            [this](net::Refusal refusal, const net::Request& request) {
                return http_.refuse(refusal, request);
            }
        );
    });
}

void Service::Impl::tell_ready(Position position) {
    const auto listening = server_->endpoint();
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
    if (auto* threads = store_.read_threads()) threads->stop();
    control_.stop();
    endpoint_receivers_.end();
    inventory_receivers_.end();
    erasure_receivers_.end();
    projections_.stop();
    log::info("stopped", {{"position", store_.head()}});
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
    processes_.runner().stop();
    bus_.refuse_new();
    new_events_.close();
    server_->drain(config_.command_deadline + answer_slack, [this] {
        processes_.runner().drain(command_drain, [this] {
            bus_.drain(command_drain, [this] {
                deliveries_.drain(delivery_drain, [this] { loops_.stop(); });
            });
        });
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
