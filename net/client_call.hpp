#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/client_state.hpp"
#include "net/watch.hpp"

namespace vitrine::net {

/// One call: a place in the pool, a connection, the request, its answer. Classifies what goes
/// wrong.
class ClientCall {
public:
    using Sent = std::expected<Response, TransportError>;

    ClientCall(
        std::shared_ptr<ClientState> state,
        BaseUrl base,
        Request request,
        std::chrono::milliseconds deadline
    );

    asio::awaitable<Sent> run(std::string partition);

private:
    /// How far one attempt on one connection came.
    struct Attempt {
        Sent sent;
        std::size_t handed = 0;  // bytes that the kernel may have got
        bool reusable = false;
    };

    asio::awaitable<std::optional<Phrase>> open();
    asio::awaitable<Attempt> exchange();

    std::shared_ptr<ClientState> state_;
    BaseUrl base_;
    Request request_;
    std::string head_;
    Watch watch_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace vitrine::net
