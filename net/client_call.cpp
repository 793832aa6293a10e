#include "net/client_call.hpp"

#include "net/error_words.hpp"
#include "net/request_head.hpp"

namespace vitrine::net {
namespace {

using Kind = TransportError::Kind;

std::unexpected<TransportError> failed(Kind kind, Phrase detail) {
    return std::unexpected(TransportError(kind, std::move(detail)));
}

}  // namespace

ClientCall::ClientCall(
    std::shared_ptr<ClientState> state,
    BaseUrl base,
    Request request,
    std::chrono::milliseconds deadline
)
    : state_(std::move(state)),
      base_(std::move(base)),
      request_(std::move(request)),
      watch_(state_->loop(), std::chrono::steady_clock::now() + deadline) {}

asio::awaitable<ClientCall::Sent> ClientCall::run(std::string partition) {
    auto head = request_head(base_, request_);
    if (!head)
        co_return failed(
            Kind::not_sent, {"the request is not well formed", "a requisição está malformada"}
        );
    head_ = std::move(*head);
    const auto origin = state_->pool().origin(base_, partition);
    const auto permit = co_await origin->gate->enter(watch_.end());
    if (!permit) co_return failed(Kind::not_sent, {"no free connection", "nenhuma conexão livre"});

    for (;;) {
        connection_ = origin->take(state_->options().idle_timeout);
        const bool pooled = connection_ != nullptr;
        if (!pooled) connection_ = std::make_unique<Connection>(state_->loop());
        const ClientState::Busy busy(*state_, *connection_);
        watch_.aborts([connection = connection_.get()] { connection->close(); });
        if (!pooled) {
            auto fault = co_await open();
            if (fault) co_return failed(Kind::not_sent, std::move(*fault));
        }
        auto attempt = co_await exchange();
        watch_.aborts(nullptr);
        if (attempt.reusable) state_->give_back(*origin, std::move(connection_));
        // A pooled connection that died after the look at it, before the first byte: the next is as
        // good.
        const bool again = !attempt.sent && pooled && attempt.handed == 0 && !watch_.expired();
        if (!again) co_return std::move(attempt.sent);
    }
}

asio::awaitable<std::optional<Phrase>> ClientCall::open() {
    const ClientOptions& options = state_->options();
    const auto end =
        std::min(watch_.end(), std::chrono::steady_clock::now() + options.connect_timeout);
    Watch connecting(state_->loop(), end);
    connecting.aborts([connection = connection_.get()] { connection->close(); });
    asio::ssl::context* tls = base_.tls ? &state_->tls() : nullptr;
    auto fault = co_await connection_->open(base_, tls, &options, end);
    if (connecting.expired() || watch_.expired())
        fault = Phrase("connect: timed out", "conectar: tempo esgotado");
    co_return fault;
}

asio::awaitable<ClientCall::Attempt> ClientCall::exchange() {
    Attempt attempt;
    const auto written = co_await connection_->write(head_, request_.body);
    attempt.handed = written.handed;
    if (written.handed == 0) {
        attempt.sent =
            failed(Kind::not_sent, phrase("write: {}", "enviar: {}", words_of(written.error)));
        co_return attempt;
    }
    // After a failed write there may still be an answer: a refusal that came before the body was
    // read.
    auto answered = co_await connection_->read_response(
        state_->options().response_limit, request_.method == "HEAD"
    );
    if (answered) {
        attempt.reusable = answered->keep_alive && !written.error && connection_->is_open();
        attempt.sent = std::move(answered->response);
    } else if (watch_.expired() && answered.error().kind == Kind::lost) {
        attempt.sent = failed(
            Kind::timed_out, {"no complete answer in time", "nenhuma resposta completa a tempo"}
        );
    } else {
        attempt.sent = std::unexpected(std::move(answered.error()));
    }
    co_return attempt;
}

}  // namespace vitrine::net
