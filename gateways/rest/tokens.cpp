#include "gateways/rest/tokens.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateways/rest/answers.hpp"

namespace vitrine::rest {
namespace {

constexpr std::chrono::seconds margin{300};

/// How long before its end a token is given up. One that lives shorter than the margin still serves
/// for a while.
std::chrono::seconds usable_time(std::chrono::seconds lifetime) {
    return std::max(lifetime - margin, lifetime / 2);
}

}  // namespace

struct Tokens::Flight {
    // Nobody gets in: those who wait are sent away when the result is there.
    std::shared_ptr<net::Gate> landing = std::make_shared<net::Gate>(0);
    std::optional<Result<std::string>> result;
};

Tokens::Tokens(asio::any_io_executor loop, Clock clock, SignIn sign_in)
    : loop_(std::move(loop)), clock_(std::move(clock)), sign_in_(std::move(sign_in)) {}

asio::awaitable<Result<std::string>> Tokens::get(TimePoint end) {
    if (!token_.empty() && clock_() < good_until_) co_return token_;
    auto flight = flight_;
    if (!flight) {
        flight = flight_ = std::make_shared<Flight>();
        // It may be over before this goes on: what is held back fails at once.
        asio::co_spawn(loop_, fly(shared_from_this(), flight), asio::detached);
    }
    if (!flight->result) co_await flight->landing->enter(end);
    if (flight->result) co_return *flight->result;
    CallError late;
    late.kind = CallError::Kind::not_sent;
    late.message = {"sign-in: no answer in time", "início de sessão: nenhuma resposta a tempo"};
    co_return std::unexpected(std::move(late));
}

void Tokens::forget(const std::string& token) {
    if (token_ == token) token_.clear();
}

asio::awaitable<void> Tokens::fly(std::shared_ptr<Tokens> self, std::shared_ptr<Flight> flight) {
    CallError failure;
    failure.kind = CallError::Kind::not_sent;
    Result<Token> signed_in = std::unexpected(failure);
    try {
        signed_in = co_await self->sign_in_();
    } catch (const std::exception& exception) {
        // Whatever it was: those who wait must hear of it.
        failure.message = Phrase::as_is(exception.what());
        signed_in = std::unexpected(failure);
    }
    if (signed_in) {
        self->token_ = signed_in->text;
        self->good_until_ = self->clock_() + usable_time(signed_in->lifetime);
        flight->result = self->token_;
    } else {
        flight->result = std::unexpected(as_sign_in_failure(signed_in.error()));
    }
    self->flight_ = nullptr;
    flight->landing->send_away();
}

}  // namespace vitrine::rest
