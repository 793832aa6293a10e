#include "net/client.hpp"

#include "net/client_call.hpp"

namespace vitrine::net {
namespace {

asio::awaitable<ClientCall::Sent> make_call(
    std::shared_ptr<ClientState> state,
    BaseUrl base,
    std::string partition,
    Request request,
    std::chrono::milliseconds deadline
) {
    ClientCall call(std::move(state), std::move(base), std::move(request), deadline);
    co_return co_await call.run(std::move(partition));
}

}  // namespace

class Client::Impl : public ClientState {
public:
    using ClientState::ClientState;
};

Client::Client(asio::any_io_executor loop, ClientOptions options)
    : impl_(std::make_shared<Impl>(std::move(loop), options)) {}

Client::~Client() {
    impl_->close();
}

asio::awaitable<std::expected<Response, TransportError>> Client::send(
    BaseUrl base, std::string partition, Request request, std::chrono::milliseconds deadline
) {
    return make_call(impl_, std::move(base), std::move(partition), std::move(request), deadline);
}

void Client::close() {
    impl_->close();
}

}  // namespace vitrine::net
