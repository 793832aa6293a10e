#include "api/control/server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <nlohmann/json.hpp>

#include "api/control/actor.hpp"

namespace vitrine::api {
namespace {

constexpr std::chrono::milliseconds request_patience{5'000};
constexpr std::size_t most_sessions = 16;

std::string line_of(const char* name, Json value) {
    Json json;
    json[name] = std::move(value);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

ControlServer::ControlServer(const std::filesystem::path& data, Administration administration)
    : administration_(std::move(administration)),
      address_(data),
      listener_(address_.listen()),
      wake_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this] { accept(); }) {}

ControlServer::~ControlServer() {
    stop();
}

void ControlServer::stop() {
    if (stopping_.exchange(true)) return;
    ::eventfd_write(wake_.get(), 1);
    thread_.join();
    address_.remove();
}

void ControlServer::accept() {
    while (true) {
        pollfd waited[] = {{listener_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
        if (::poll(waited, std::size(waited), -1) < 0 && errno != EINTR) break;
        if (stopping_) break;
        if ((waited[0].revents & POLLIN) == 0) continue;
        store::Descriptor peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        reap(false);
        if (!peer.is_open() || sessions_.size() >= most_sessions) continue;
        auto& session = sessions_.emplace_back();
        session.thread =
            std::thread([this, &session, socket = LineSocket(std::move(peer))]() mutable {
                serve(std::move(socket));
                session.ended = true;
            });
    }
    reap(true);
}

void ControlServer::reap(bool all) {
    std::erase_if(sessions_, [all](Session& session) {
        if (!all && !session.ended) return false;
        session.thread.join();
        return true;
    });
}

void ControlServer::serve(LineSocket socket) {
    const auto peer = socket.trusted_peer();
    if (!peer) return;
    const auto line = socket.read_line(request_patience);
    if (!line) return;
    std::atomic<bool> gone = false;
    const auto hear = [&](const Json& json) {
        if (!socket.write_line(json.dump(-1, ' ', false, Json::error_handler_t::replace)))
            gone = true;
    };
    std::string answer;
    try {
        const auto request = Json::parse(*line);
        auto outcome = run_operation(
            administration_,
            request.at("command").get<std::string>(),
            request.value("arguments", Json::object()),
            hear,
            [&] { return gone || stopping_; },
            actor_of(*peer)
        );
        answer =
            outcome ? line_of("result", *std::move(outcome)) : line_of("error", outcome.error());
    } catch (const std::exception& error) {
        answer = line_of("error", error.what());
    }
    socket.write_line(std::move(answer));
}

}  // namespace vitrine::api
