#include "gateways/webhooks_out/sender.hpp"

#include <algorithm>

#include "net/retry_after.hpp"

namespace vitrine::webhooks_out {
namespace {

using Kind = Outcome::Kind;

net::ClientOptions client_options(const SenderOptions& options) {
    net::ClientOptions client;
    client.connect_timeout = options.connect_timeout;
    client.response_limit = options.answer_limit;
    client.connections_per_origin = options.connections_per_receiver;
    client.admits = [receivers = options.receivers](const auto& addresses) {
        return std::ranges::all_of(addresses, [receivers](const auto& address) {
            return may_call(address, receivers);
        });
    };
    return client;
}

Kind kind_of(int status) {
    if (status >= 200 && status < 300) return Kind::taken;
    return status == 410 ? Kind::gone : Kind::refused;
}

Outcome outcome_of(const net::Response& response, Timestamp now) {
    Outcome outcome{.kind = kind_of(response.status), .status = response.status};
    if (outcome.kind == Kind::taken) return outcome;
    if (const auto field = response.headers.find("Retry-After"))
        outcome.retry_after = net::parse_retry_after(*field, now);
    outcome.detail =
        response.status >= 300 && response.status < 400
            ? phrase(
                  "The receiver answered {}: redirections are not followed.",
                  "O receptor respondeu {}: redirecionamentos não são seguidos.",
                  response.status
              )
            : phrase("The receiver answered {}.", "O receptor respondeu {}.", response.status);
    return outcome;
}

/// What the network said is not told: it would show a tenant what is around this server.
Outcome outcome_of(const net::TransportError& error) {
    switch (error.kind) {
        case net::TransportError::Kind::not_sent:
            return {
                .kind = Kind::not_sent,
                .detail =
                    {"The receiver could not be reached: there is no connection to its address, or "
                     "its certificate is not valid, or its address is not one of the internet.",
                     "Não foi possível alcançar o receptor: não há conexão com o endereço, ou o "
                     "certificado não é válido, ou o endereço não é da internet."}
            };
        case net::TransportError::Kind::timed_out:
            return {
                .kind = Kind::unknown,
                .detail =
                    {"The receiver did not answer in time.", "O receptor não respondeu a tempo."}
            };
        case net::TransportError::Kind::too_large:
            return {
                .kind = Kind::unknown,
                .detail =
                    {"The receiver's answer is too large.",
                     "A resposta do receptor é grande demais."}
            };
        case net::TransportError::Kind::lost:
            break;
    }
    return {
        .kind = Kind::unknown,
        .detail =
            {"The connection ended before the receiver had answered.",
             "A conexão terminou antes de o receptor responder."}
    };
}

}  // namespace

Sender::Sender(boost::asio::any_io_executor loop, SenderOptions options, Clock clock)
    : options_(options),
      clock_(std::move(clock)),
      client_(std::move(loop), client_options(options)) {}

boost::asio::awaitable<Outcome> Sender::send(
    TenantId tenant, std::string url, Message message, Signing signing
) {
    auto target = parse_target(url, options_.receivers);
    if (!target) co_return Outcome{.kind = Kind::not_sent, .detail = target.error()};
    const auto begin = std::chrono::steady_clock::now();
    net::Request request{
        .method = "POST",
        .target = std::move(target->path),
        .headers = headers_of(message, signing, clock_()),
        .body = std::move(message.body),
        .remote = {}
    };
    const auto sent = co_await client_.send(
        std::move(target->origin), tenant.str(), std::move(request), options_.deadline
    );
    auto outcome = sent ? outcome_of(*sent, clock_()) : outcome_of(sent.error());
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin
    );
    co_return outcome;
}

}  // namespace vitrine::webhooks_out
