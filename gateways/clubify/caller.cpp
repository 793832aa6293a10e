#include "gateways/clubify/caller.hpp"

#include "gateways/clubify/answers.hpp"
#include "gateways/clubify/requests.hpp"

namespace vitrine::clubify {
namespace {

bool same_credentials(const Account& a, const Account& b) {
    return a.base == b.base && a.api_key == b.api_key && a.tenant_id == b.tenant_id &&
           a.organization_id == b.organization_id;
}

/// Should the platform ever repeat a secret in its words, ours stay clean.
void blot_out(std::string& text, const std::string& secret) {
    if (secret.empty()) return;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
        at += 3;
    }
}

std::chrono::milliseconds time_left(std::chrono::steady_clock::time_point end) {
    const auto left = end - std::chrono::steady_clock::now();
    return std::max(
        std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(0)
    );
}

}  // namespace

Caller::Caller(asio::any_io_executor loop, Options options, Clock clock)
    : loop_(std::move(loop)),
      options_(std::move(options)),
      clock_(std::move(clock)),
      client_(std::make_shared<net::Client>(loop_, options_.http)) {}

std::shared_ptr<Caller::Entry> Caller::entry(const Account& account) {
    auto& known = entries_[account.tenant];
    if (known && same_credentials(known->account, account)) return known;
    auto fresh = std::make_shared<Entry>();
    fresh->account = account;
    fresh->gate = known ? known->gate : std::make_shared<net::Gate>(options_.calls_per_tenant);
    fresh->tokens = std::make_shared<Tokens>(
        loop_,
        clock_,
        [client = client_, account, options = options_, clock = clock_] {
            return sign_in(client, account, options, clock);
        }
    );
    known = fresh;
    return fresh;
}

asio::awaitable<std::expected<Token, CallError>> Caller::sign_in(
    std::shared_ptr<net::Client> client, Account account, Options options, Clock clock
) {
    auto request = sign_in_request(account, options.user_agent);
    const auto response = co_await client->send(
        account.base, account.tenant.str(), std::move(request), options.call_deadline
    );
    if (!response) co_return std::unexpected(judge(response.error()));
    auto answer = judge(*response, clock());
    if (!answer) {
        blot_out(answer.error().message, account.api_key);
        co_return std::unexpected(answer.error());
    }
    if (auto token = read_token(answer->body)) co_return std::move(*token);
    CallError error;
    error.kind = CallError::Kind::unknown;
    error.status = answer->status;
    error.message = "the answer holds no token";
    co_return std::unexpected(std::move(error));
}

asio::awaitable<Result<Answer>> Caller::send(
    std::shared_ptr<Caller> self, Account account, Call call, std::chrono::milliseconds deadline
) {
    if (deadline == std::chrono::milliseconds(0)) deadline = self->options_.call_deadline;
    const auto end = std::chrono::steady_clock::now() + deadline;
    const auto entry = self->entry(account);
    const auto permit = co_await entry->gate->enter(end);
    if (!permit) {
        CallError crowded;
        crowded.kind = CallError::Kind::not_sent;
        crowded.message = "too many calls at once";
        co_return std::unexpected(std::move(crowded));
    }
    for (bool again = false;; again = true) {
        const auto token = co_await entry->tokens->get(end);
        if (!token) co_return std::unexpected(token.error());
        auto request = call_request(account, call, *token, self->options_.user_agent);
        const auto response = co_await self->client_->send(
            account.base, account.tenant.str(), std::move(request), time_left(end)
        );
        if (!response) co_return std::unexpected(judge(response.error()));
        if (response->status == 401) {
            entry->tokens->forget(*token);
            // A 401 had no effect, so this is the one repetition that is always safe.
            if (!again) continue;
        }
        auto answer = judge(*response, self->clock_());
        if (!answer) {
            blot_out(answer.error().message, account.api_key);
            blot_out(answer.error().message, *token);
        }
        co_return answer;
    }
}

void Caller::close() {
    entries_.clear();
    client_->close();
}

}  // namespace vitrine::clubify
