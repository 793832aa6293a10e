#include "gateways/errand.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "core/backoff.hpp"
#include "net/timer.hpp"

namespace vitrine::gateways {
namespace {

using std::chrono::steady_clock;

// What is known of an effect that has no outcome yet.

struct ToSend {};  // nothing of it can be there, or on its way
struct InError {   // it was sent, the answer was an error: a look-up tells what it did
    NotDone why;
    bool earlier_may_arrive = false;
};
struct InTheDark {};  // it was sent, and nobody said what came of it: a look-up tells
struct NoTrace {};    // it was sent and is not there, but may still arrive

using Known = std::variant<ToSend, InError, InTheDark, NoTrace>;

bool is_asked_about(const Known& known) {
    return std::holds_alternative<InError>(known) || std::holds_alternative<InTheDark>(known);
}

/// A request that was sent may still have an effect: "not done" can never be said again.
bool may_arrive(const Known& known) {
    if (const auto* in_error = std::get_if<InError>(&known)) return in_error->earlier_may_arrive;
    return !std::holds_alternative<ToSend>(known);
}

Refusal nobody_answers() {
    return {
        "outcome-unknown",
        504,
        "unavailable",
        {"Nobody answered whether it has happened.", "Ninguém respondeu se isso aconteceu."}
    };
}

/// What comes next when there is no outcome yet.
enum class Next { ask, send };
using Turn = std::variant<Outcome, Next>;

/// An errand and what is known of it so far.
struct Attempt {
    Errand errand;
    ErrandOptions options;
    Manner manner;
    Known known;
    steady_clock::time_point last_send = steady_clock::now();
    int tries = 0;
    Refusal last = nobody_answers();  // of those that said why they could not tell
    steady_clock::time_point begun = steady_clock::now();

    bool is_out_of_patience() const {
        return options.patience && may_arrive(known) &&
               steady_clock::now() - begun >= *options.patience;
    }

    bool may_give_up() const { return errand.may_be_given_up && !may_arrive(known); }

    asio::awaitable<void> pause(std::optional<std::chrono::seconds> at_least = std::nullopt) {
        const Backoff backoff{options.first_pause, options.longest_pause};
        co_await net::wait_for(backoff.pause(++tries, at_least));
    }
};

using SharedAttempt = std::shared_ptr<Attempt>;

asio::awaitable<void> note_repeat(SharedAttempt attempt) {
    const auto& errand = attempt->errand;
    if (attempt->manner.creates || !errand.about_to_repeat) co_return;
    auto noting = errand.about_to_repeat();
    co_await std::move(noting);
}

/// The gateway has been asked, and there is nothing.
asio::awaitable<Turn> no_trace(SharedAttempt attempt) {
    const auto& known = attempt->known;
    if (!is_asked_about(known)) co_return Next::send;
    if (const auto* in_error = std::get_if<InError>(&known)) {
        if (attempt->may_give_up()) co_return Outcome(in_error->why);
        co_await attempt->pause(in_error->why.retry_after);
    } else {
        if (attempt->manner.appears_late &&
            steady_clock::now() - attempt->last_send < attempt->options.settle) {
            co_await attempt->pause();
            co_return Next::ask;
        }
        co_await note_repeat(attempt);
    }
    attempt->known = may_arrive(known) ? Known(NoTrace()) : Known(ToSend());
    co_return Next::send;
}

/// Asks the gateway what there is of it.
asio::awaitable<Turn> ask(SharedAttempt attempt) {
    const auto& errand = attempt->errand;
    auto settling = errand.gateway.settle(errand.effect, errand.origin);
    const auto settled = co_await std::move(settling);
    if (const auto* done = std::get_if<Done>(&settled)) co_return Outcome(*done);
    if (const auto* refused = std::get_if<Refused>(&settled)) co_return Outcome(*refused);
    if (std::holds_alternative<Absent>(settled)) {
        auto concluding = no_trace(attempt);
        co_return co_await std::move(concluding);
    }

    const auto& failed = std::get<LookUpFailed>(settled);
    attempt->last = failed.refusal;
    // Nothing was sent yet, so nothing has happened.
    if (std::holds_alternative<ToSend>(attempt->known)) {
        if (failed.is_final) co_return Outcome(Refused{failed.refusal});
        if (attempt->may_give_up()) co_return Outcome(NotDone(failed));
    }
    co_await attempt->pause(failed.retry_after);
    co_return Next::ask;
}

/// A definite no, unless it says that an earlier send had its effect after all, or that the entity
/// is gone.
asio::awaitable<Turn> refused_now(SharedAttempt attempt, Refused refused) {
    if (!refused.look_first && !may_arrive(attempt->known)) co_return Outcome(std::move(refused));
    const auto& errand = attempt->errand;
    auto settling = errand.gateway.settle(errand.effect, errand.origin);
    const auto settled = co_await std::move(settling);
    if (const auto* done = std::get_if<Done>(&settled)) co_return Outcome(*done);
    if (const auto* no = std::get_if<Refused>(&settled)) co_return Outcome(*no);
    if (std::holds_alternative<Absent>(settled)) co_return Outcome(std::move(refused));
    attempt->known = InTheDark();
    co_await attempt->pause(std::get<LookUpFailed>(settled).retry_after);
    co_return Next::ask;
}

/// It was not done now: the end where nothing has happened, else another try.
asio::awaitable<Turn> later(SharedAttempt attempt, NotDone why, Next next) {
    if (attempt->may_give_up()) co_return Outcome(std::move(why));
    attempt->last = why.refusal;
    co_await attempt->pause(why.retry_after);
    co_return next;
}

/// Sends it once, unless somebody else may be at it by now.
asio::awaitable<Turn> send(SharedAttempt attempt) {
    const auto& errand = attempt->errand;
    if (errand.about_to_send) errand.about_to_send();
    attempt->last_send = steady_clock::now();
    auto sending = errand.gateway.send(errand.effect, errand.origin);
    const auto sent = co_await std::move(sending);
    if (const auto* done = std::get_if<Done>(&sent)) co_return Outcome(*done);
    if (const auto* no = std::get_if<Refused>(&sent)) {
        auto looking = refused_now(attempt, *no);
        co_return co_await std::move(looking);
    }
    if (const auto* not_sent = std::get_if<NotSent>(&sent)) {
        auto trying =
            later(attempt, *not_sent, attempt->manner.asks_first ? Next::ask : Next::send);
        co_return co_await std::move(trying);
    }
    if (const auto* answered = std::get_if<Answered>(&sent)) {
        attempt->known = InError{*answered, may_arrive(attempt->known)};
    } else {
        attempt->known = InTheDark();
    }
    co_return Next::ask;
}

}  // namespace

asio::awaitable<Outcome> carry_out(Errand errand, ErrandOptions options) {
    const auto manner = errand.gateway.manner(errand.effect);
    const auto before = errand.before;
    auto attempt = std::make_shared<Attempt>(Attempt{std::move(errand), options, manner, ToSend()});
    if (before == Before::perhaps_sent) attempt->known = InTheDark();
    auto next = before != Before::nothing || manner.asks_first ? Next::ask : Next::send;
    while (true) {
        auto turning = next == Next::ask ? ask(attempt) : send(attempt);
        auto turn = co_await std::move(turning);
        if (auto* outcome = std::get_if<Outcome>(&turn)) co_return std::move(*outcome);
        if (attempt->is_out_of_patience()) co_return InDoubt{attempt->last};
        next = std::get<Next>(turn);
    }
}

}  // namespace vitrine::gateways
