#include "net/listener.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address.hpp>

namespace vitrine::net {
namespace {

constexpr std::chrono::milliseconds out_of_files_pause{50};

/// Throws boost::system::system_error.
void bind_to(Listener::Acceptor& acceptor, const ServerOptions& options) {
    const auto address = asio::ip::make_address(options.address);
    const asio::ip::tcp::endpoint wanted(address, options.port);
    acceptor.open(wanted.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(wanted);
}

}  // namespace

void require_free_address(const ServerOptions& options) {
    asio::io_context loop;
    Listener::Acceptor acceptor(loop);
    bind_to(acceptor, options);
}

Listener::Listener(
    asio::io_context& loop,
    std::shared_ptr<Service> service,
    std::vector<std::shared_ptr<Worker>> workers
)
    : service_(std::move(service)), workers_(std::move(workers)), acceptor_(loop), retry_(loop) {
    bind_to(acceptor_, service_->options);
    acceptor_.listen(asio::socket_base::max_listen_connections);
    endpoint_ = acceptor_.local_endpoint();
}

std::string Listener::address() const {
    return endpoint_.address().to_string();
}

void Listener::accept() {
    const std::scoped_lock lock(mutex_);
    if (!acceptor_.is_open()) return;
    Worker& worker = *workers_[next_];
    next_ = (next_ + 1) % workers_.size();
    acceptor_.async_accept(
        worker.loop(),
        peer_,
        [weak = weak_from_this(), &worker](boost::system::error_code error, Socket socket) {
            // A listener that is gone took its workers along: no use of `worker` before this.
            const auto self = weak.lock();
            if (!self || error == asio::error::operation_aborted) return;
            if (error) return self->accept_later();
            self->hand_over(worker, std::move(socket));
            self->accept();
        }
    );
}

void Listener::accept_later() {
    retry_.expires_after(out_of_files_pause);
    retry_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled) self->accept();
    });
}

void Listener::hand_over(Worker& worker, Socket socket) {
    if (service_->connections.load() >= service_->options.connection_limit) return;
    Counted counted(service_);
    asio::dispatch(
        worker.loop(),
        [to = worker.shared_from_this(),
         taken = std::move(socket),
         remote = peer_.address().to_string(),
         counted = std::move(counted)]() mutable {
            to->start(std::move(taken), std::move(remote), std::move(counted));
        }
    );
}

void Listener::close() {
    const std::scoped_lock lock(mutex_);
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

}  // namespace vitrine::net
