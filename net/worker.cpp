#include "net/worker.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "net/session.hpp"

namespace vitrine::net {
namespace {

std::chrono::milliseconds period_for(const ServerOptions& options) {
    const auto shortest = std::min(
        {options.handshake_timeout,
         options.header_timeout,
         options.body_timeout,
         options.idle_timeout,
         options.write_timeout,
         options.drain_patience,
         options.discard_time}
    );
    return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

}  // namespace

void Service::connection_ended() {
    std::function<void()> then;
    {
        const std::scoped_lock lock(mutex_);
        if (connections.fetch_sub(1) == 1) then = std::exchange(empty_, nullptr);
    }
    if (then) then();
}

void Service::when_empty(std::function<void()> then) {
    {
        const std::scoped_lock lock(mutex_);
        if (connections.load() > 0) {
            empty_ = std::move(then);
            return;
        }
    }
    then();
}

void Service::forget_when_empty() {
    const std::scoped_lock lock(mutex_);
    empty_ = nullptr;
}

ServerTls Service::tls() const {
    const std::scoped_lock lock(mutex_);
    return tls_;
}

void Service::replace_tls(ServerTls tls) {
    const std::scoped_lock lock(mutex_);
    tls_.swap(tls);
}

Worker::Worker(asio::io_context& loop, const ServerOptions& options)
    : loop_(loop), timer_(loop), period_(period_for(options)) {}

void Worker::start(Socket socket, std::string remote, Counted counted) {
    auto session = std::make_shared<Session>(
        shared_from_this(), std::move(socket), std::move(remote), std::move(counted)
    );
    asio::co_spawn(loop_, Session::run(std::move(session)), asio::detached);
}

void Worker::hurry() {
    // Only cancels: the sessions leave the list later, on their own way out.
    for (Session* session : sessions_) session->hurry();
}

void Worker::close_all() {
    for (Session* session : sessions_) session->cut();
}

void Worker::enter(Session& session) {
    session.place = sessions_.size();
    sessions_.push_back(&session);
    if (!watching_) watch();
}

void Worker::leave(Session& session) {
    sessions_[session.place] = sessions_.back();
    sessions_[session.place]->place = session.place;
    sessions_.pop_back();
    // Without sessions nothing must keep the loop busy.
    if (sessions_.empty()) timer_.cancel();
}

void Worker::watch() {
    watching_ = true;
    timer_.expires_after(period_);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
        self->watching_ = false;
        if (self->sessions_.empty()) return;
        const auto now = std::chrono::steady_clock::now();
        for (Session* session : self->sessions_) session->check_deadline(now);
        self->watch();
    });
}

}  // namespace vitrine::net
