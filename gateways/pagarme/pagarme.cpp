#include "gateways/pagarme/pagarme.hpp"

#include "gateways/pagarme/peer.hpp"
#include "gateways/rest/caller.hpp"
#include "gateways/rest/peers.hpp"

namespace vitrine::pagarme {

struct Pagarme::Impl {
    std::shared_ptr<rest::Caller> caller;
    rest::Peers<PagarmePeer> peers;
};

Pagarme::Pagarme(asio::any_io_executor loop, rest::Options options, Clock clock)
    : impl_(std::make_unique<Impl>(
          std::make_shared<rest::Caller>(std::move(loop), std::move(options), std::move(clock))
      )) {}

Pagarme::~Pagarme() {
    close();
}

asio::awaitable<rest::Result<rest::Answer>> Pagarme::send(Account account, rest::Call call) {
    auto peer = impl_->peers.of(account);
    return rest::Caller::send(
        impl_->caller, std::move(peer), std::move(call), std::chrono::milliseconds(0)
    );
}

void Pagarme::close() {
    impl_->caller->close();
}

}  // namespace vitrine::pagarme
