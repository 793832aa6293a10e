#include "net/client_state.hpp"

#include <algorithm>

namespace vitrine::net {
namespace {

constexpr std::size_t idle_room = 16UL * 1024;

asio::ssl::context make_tls() {
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
        asio::ssl::context::no_tlsv1_1
    );
    context.set_default_verify_paths();
    return context;
}

}  // namespace

ClientState::Busy::Busy(ClientState& state, Connection& connection)
    : state_(state), connection_(connection) {
    state_.busy_.insert(&connection_);
}

ClientState::Busy::~Busy() {
    state_.busy_.erase(&connection_);
}

ClientState::ClientState(asio::any_io_executor loop, ClientOptions options)
    : loop_(std::move(loop)),
      options_(options),
      pool_(options.connections_per_origin),
      sweeper_(loop_) {}

asio::ssl::context& ClientState::tls() {
    if (!tls_) tls_ = make_tls();
    return *tls_;
}

void ClientState::give_back(Origin& origin, std::unique_ptr<Connection> connection) {
    connection->idle_since = std::chrono::steady_clock::now();
    if (connection->buffer.capacity() > idle_room) connection->buffer.shrink_to_fit();
    origin.idle.push_back(std::move(connection));
    if (!sweeping_) sweep_later();
}

void ClientState::sweep_later() {
    sweeping_ = true;
    sweeper_.expires_after(std::clamp(
        options_.idle_timeout / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(5000)
    ));
    sweeper_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
        const auto self = weak.lock();
        if (!self) return;
        self->sweeping_ = false;
        if (!cancelled && self->pool_.sweep(self->options_.idle_timeout)) self->sweep_later();
    });
}

void ClientState::close() {
    pool_.close();
    for (Connection* connection : busy_) connection->close();
    sweeper_.cancel();
}

}  // namespace vitrine::net
