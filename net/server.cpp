#include "net/server.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include "net/listener.hpp"

namespace vitrine::net {

class Server::Impl {
public:
    Impl(
        const std::vector<asio::io_context*>& loops,
        ServerOptions options,
        Handler handler,
        RefusalResponse refusal
    )
        : service_(std::make_shared<Service>()), first_(*loops.at(0)) {
        service_->replace_tls(std::exchange(options.tls, nullptr));
        service_->options = std::move(options);
        service_->handler = std::move(handler);
        service_->refusal = std::move(refusal);
        for (asio::io_context* loop : loops) {
            workers_.push_back(std::make_shared<Worker>(*loop, service_->options));
        }
        listener_ = std::make_shared<Listener>(first_, service_, workers_);
        listener_->accept();
    }

    ~Impl() {
        stop();
        each_worker(&Worker::close_all);
    }

    const Listener& listener() const { return *listener_; }
    std::size_t connections() const { return service_->connections; }
    void replace_tls(ServerTls tls) { service_->replace_tls(std::move(tls)); }

    void drain(std::chrono::milliseconds limit, std::function<void()> done);

private:
    void stop() {
        service_->patience_end =
            std::chrono::steady_clock::now() + service_->options.drain_patience;
        service_->draining = true;
        listener_->close();
    }

    void each_worker(void (Worker::*action)()) {
        for (const auto& worker : workers_) {
            asio::post(worker->loop(), [worker, action] { (*worker.*action)(); });
        }
    }

    std::shared_ptr<Service> service_;
    asio::io_context& first_;
    std::vector<std::shared_ptr<Worker>> workers_;
    std::shared_ptr<Listener> listener_;
};

void Server::Impl::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    stop();
    each_worker(&Worker::hurry);
    // Either the last connection or the limit comes first; what they share lives on the first loop.
    struct Drain {
        explicit Drain(asio::io_context& loop) : timer(loop) {}
        asio::steady_timer timer;
        std::function<void()> done;
    };
    auto state = std::make_shared<Drain>(first_);
    state->done = std::move(done);
    const auto finish = [](Drain& ended) {
        if (const auto then = std::exchange(ended.done, nullptr)) then();
    };
    service_->when_empty([state, finish, &first = first_] {
        asio::post(first, [state, finish] {
            state->timer.cancel();
            finish(*state);
        });
    });
    asio::post(first_, [state, finish, limit, service = service_, workers = workers_] {
        if (!state->done) return;
        state->timer.expires_after(limit);
        state->timer.async_wait([state, finish, service, workers](auto cancelled) {
            if (cancelled) return;
            // The last connections may end with their loops, when the first is gone.
            service->forget_when_empty();
            for (const auto& worker : workers) {
                asio::post(worker->loop(), [worker] { worker->close_all(); });
            }
            finish(*state);
        });
    });
}

Server::Server(
    std::vector<asio::io_context*> loops,
    ServerOptions options,
    Handler handler,
    RefusalResponse refusal
)
    : impl_(
          std::make_shared<Impl>(loops, std::move(options), std::move(handler), std::move(refusal))
      ) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return impl_->listener().port();
}
std::string Server::endpoint() const {
    return host_and_port(impl_->listener().address(), port());
}
std::size_t Server::connections() const {
    return impl_->connections();
}

void Server::replace_tls(ServerTls tls) {
    impl_->replace_tls(std::move(tls));
}

void Server::drain(std::chrono::milliseconds limit, std::function<void()> done) {
    impl_->drain(limit, std::move(done));
}

}  // namespace vitrine::net
