#include "gateways/rest/caller.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateways/rest/answers.hpp"
#include "net/timer.hpp"

namespace vitrine::rest {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// What must be left of a call's time to ask again after the time of another, who was faster.
constexpr milliseconds worth_another{250};

/// Should the peer ever repeat a secret in its words, ours stay clean.
std::string blotted(std::string text, std::string_view secret) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
        at += 3;
    }
    return text;
}

void blot_out(Phrase& said, std::string_view secret) {
    if (secret.empty()) return;
    said = {
        blotted(said.in(Language::english), secret), blotted(said.in(Language::portuguese), secret)
    };
}

milliseconds time_left(steady_clock::time_point end) {
    return std::max(std::chrono::ceil<milliseconds>(end - steady_clock::now()), milliseconds(0));
}

CallError not_sent(Phrase message) {
    CallError error;
    error.kind = CallError::Kind::not_sent;
    error.message = std::move(message);
    return error;
}

template <class Duration>
CallError held_back(Phrase message, Duration wait) {
    auto error = not_sent(std::move(message));
    error.retry_after =
        std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(1));
    return error;
}

CallError failing(const Peer& peer, milliseconds wait) {
    return held_back(
        phrase(
            "{} keeps failing: calls are held back",
            "{} não para de falhar: as chamadas aguardam",
            peer.name()
        ),
        wait
    );
}

/// May another attempt at what got no good answer succeed?
bool is_transient(const Sent& sent) {
    if (is_outage(sent)) return true;
    if (!sent) return false;
    // A 2xx that is not understood was garbled on its way.
    return sent->status == 408 || sent->status == 429 || sent->status < 300;
}

/// The same of a sign-in.
bool is_passing(const CallError& error) {
    const bool outage = error.status == 0 || error.status == 408 || error.status >= 500;
    return error.kind == CallError::Kind::not_sent && outage && !error.retry_after;
}

asio::awaitable<Result<Token>> sign_in(
    std::shared_ptr<net::Client> client,
    std::shared_ptr<Breaker> breaker,
    std::shared_ptr<Outages> outages,
    std::shared_ptr<const Peer> peer,
    net::Request request,
    milliseconds deadline,
    Clock machine
) {
    auto pass = breaker->enter(steady_clock::now());
    if (!pass) co_return std::unexpected(failing(*peer, pass.error()));
    const auto response =
        co_await client->send(peer->base, peer->tenant.str(), std::move(request), deadline);
    outages->note(*peer, *breaker, *pass, response);
    if (!response) co_return std::unexpected(judge(response.error()));
    auto answer = judge(*response, machine());
    if (!answer) {
        for (const auto secret : peer->secrets()) blot_out(answer.error().message, secret);
        co_return std::unexpected(answer.error());
    }
    if (auto token = peer->token_in(answer->body)) co_return std::move(*token);
    CallError error;
    error.kind = CallError::Kind::unknown;
    error.status = answer->status;
    error.message = {"the answer holds no token", "a resposta não traz um token"};
    co_return std::unexpected(std::move(error));
}

}  // namespace

Caller::Caller(asio::any_io_executor loop, Options options, Clock clock)
    : loop_(std::move(loop)),
      options_(std::move(options)),
      clock_(std::move(clock)),
      client_(std::make_shared<net::Client>(loop_, options_.http)),
      outages_(std::make_shared<Outages>(options_.news)) {}

std::shared_ptr<Caller::Entry> Caller::entry(std::shared_ptr<const Peer> peer) {
    auto& known = entries_[peer->tenant];
    if (known && known->peer == peer) return known;
    auto fresh = std::make_shared<Entry>();
    fresh->peer = peer;
    fresh->gate = known ? known->gate : std::make_shared<net::Gate>(options_.calls_per_tenant);
    if (known) fresh->counts = known->counts;
    fresh->breaker = std::make_shared<Breaker>(options_.breaker);
    fresh->allowance = std::make_shared<Allowance>();
    if (auto request = peer->sign_in()) {
        fresh->tokens = std::make_shared<Tokens>(
            loop_,
            clock_,
            [client = client_,
             breaker = fresh->breaker,
             outages = outages_,
             peer,
             request = *std::move(request),
             deadline = options_.call_deadline,
             machine = options_.machine] {
                return sign_in(client, breaker, outages, peer, request, deadline, machine);
            }
        );
    }
    known = fresh;
    return fresh;
}

asio::awaitable<Result<Answer>> Caller::send(
    std::shared_ptr<Caller> self, std::shared_ptr<const Peer> peer, Call call, milliseconds deadline
) {
    if (deadline == milliseconds(0)) deadline = self->options_.call_deadline;
    const auto end = steady_clock::now() + deadline;
    auto entry = self->entry(std::move(peer));
    if (call.method == "GET" && !call.fresh) {
        return share(std::move(self), std::move(entry), std::move(call), end);
    }
    return work(std::move(self), std::move(entry), nullptr, std::move(call), end);
}

asio::awaitable<Result<Answer>> Caller::share(
    std::shared_ptr<Caller> self, std::shared_ptr<Entry> entry, Call call, TimePoint end
) {
    for (;;) {
        auto flight = entry->flights[call.path];
        const bool joins = flight != nullptr;
        if (joins) {
            ++entry->counts.shared;
        } else {
            flight = entry->flights[call.path] = std::make_shared<Flight>(end);
            asio::co_spawn(self->loop_, fly(self, entry, flight, call), asio::detached);
        }
        if (!flight->result) co_await flight->landing->enter(end);
        if (flight->result) {
            const bool of_anothers_haste = joins && flight->timed_out;
            if (of_anothers_haste && time_left(end) >= worth_another) continue;
            co_return *flight->result;
        }
        CallError late = not_sent({"no answer in time", "nenhuma resposta a tempo"});
        if (flight->out) late.kind = CallError::Kind::unknown;
        co_return std::unexpected(std::move(late));
    }
}

asio::awaitable<void> Caller::fly(
    std::shared_ptr<Caller> self,
    std::shared_ptr<Entry> entry,
    std::shared_ptr<Flight> flight,
    Call call
) {
    const auto path = call.path;
    Result<Answer> result = std::unexpected(not_sent({}));
    try {
        result = co_await work(self, entry, flight, std::move(call), flight->end);
    } catch (const std::exception& exception) {
        // Whatever it was: those who wait must hear of it.
        result.error().message = Phrase::as_is(exception.what());
    }
    const auto known = entry->flights.find(path);
    if (known != entry->flights.end() && known->second == flight) entry->flights.erase(known);
    flight->land(std::move(result));
}

asio::awaitable<Result<Answer>> Caller::work(
    std::shared_ptr<Caller> self,
    std::shared_ptr<Entry> entry,
    std::shared_ptr<Flight> flight,
    Call call,
    TimePoint end
) {
    const auto begin = steady_clock::now();
    const auto permit = co_await entry->gate->enter(end);
    if (!permit)
        co_return std::unexpected(
            not_sent({"too many calls at once", "chamadas demais ao mesmo tempo"})
        );
    Retry retry(self->options_.retry, call, begin, end);
    for (;;) {
        auto tried = co_await self->attempt(entry, flight, &call, end);
        const auto pause = retry.pause_after(tried, steady_clock::now());
        if (!pause) co_return std::move(tried.answer);
        co_await net::wait_for(*pause);
        ++entry->counts.repeated;
    }
}

asio::awaitable<Attempt> Caller::attempt(
    std::shared_ptr<Entry> entry, std::shared_ptr<Flight> flight, const Call* call, TimePoint end
) {
    const Peer& peer = *entry->peer;
    for (bool again = false;; again = true) {
        Result<std::string> token;
        if (entry->tokens) token = co_await entry->tokens->get(end);
        if (!token) {
            co_return Attempt{std::unexpected(token.error()), is_passing(token.error())};
        }
        const auto share = co_await allowed(entry, end);
        if (!share) co_return Attempt{std::unexpected(share.error()), false};
        auto pass = entry->breaker->enter(steady_clock::now());
        if (!pass) {
            ++entry->counts.held_by_breaker;
            co_return Attempt{std::unexpected(failing(peer, pass.error())), false};
        }
        ++entry->counts.requests;
        if (flight) flight->out = true;
        auto request = peer.request(*call, *token);
        const auto response = co_await client_->send(
            peer.base, peer.tenant.str(), std::move(request), time_left(end)
        );
        if (flight) flight->out = false;
        outages_->note(peer, *entry->breaker, *pass, response);
        if (!response)
            co_return Attempt{std::unexpected(judge(response.error())), is_transient(response)};
        entry->allowance->note(response->headers, options_.machine());
        if (response->status == 401 && entry->tokens) {
            entry->tokens->forget(*token);
            // A 401 had no effect, so this is the one repetition that is always safe.
            if (!again) continue;
        }
        auto answer = judge(*response, options_.machine());
        if (!answer) {
            for (const auto secret : peer.secrets()) blot_out(answer.error().message, secret);
            blot_out(answer.error().message, *token);
        }
        co_return Attempt{std::move(answer), is_transient(response)};
    }
}

asio::awaitable<Result<Allowance::Share>> Caller::allowed(
    std::shared_ptr<Entry> entry, TimePoint end
) {
    for (bool first = true;; first = false) {
        if (auto share = entry->allowance->take(options_.machine())) co_return std::move(*share);
        if (first) ++entry->counts.held_by_rate;
        const auto wait =
            std::chrono::ceil<milliseconds>(entry->allowance->reset() - options_.machine()) +
            milliseconds(1);
        if (steady_clock::now() + wait >= end) {
            co_return std::unexpected(held_back(
                {"the announced rate limit is used up", "o limite de chamadas anunciado se esgotou"
                },
                wait
            ));
        }
        co_await net::wait_for(wait);
    }
}

std::vector<TenantCalls> Caller::calls() const {
    std::vector<TenantCalls> all;
    const auto now = steady_clock::now();
    for (const auto& [tenant, entry] : entries_) {
        auto& calls = all.emplace_back(entry->counts);
        calls.tenant = tenant;
        calls.breaker = entry->breaker->state(now);
        calls.breaker_opened = entry->breaker->opened();
        calls.rate_left = entry->allowance->left();
        calls.waiting = entry->gate->waiting();
    }
    return all;
}

void Caller::close() {
    entries_.clear();
    client_->close();
}

}  // namespace vitrine::rest
