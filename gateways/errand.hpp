#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <variant>

#include "gateways/effects.hpp"

// How one effect is carried out, whoever wants it: sent, asked about, sent again. docs/effects.md
// has the rules and their limits.
namespace vitrine::gateways {

/// A request may have had its effect, or may still have it, and nobody could tell in time.
struct InDoubt {
    Refusal refusal;
};

/// How it ends. NotDone: nothing has happened, and no request is on its way.
using Outcome = std::variant<Done, Refused, NotDone, InDoubt>;

struct ErrandOptions {
    /// How long after a send of unknown outcome what it creates may still appear there.
    std::chrono::milliseconds settle{30'000};
    std::chrono::milliseconds first_pause{200};  // between attempts; doubled, with full jitter
    std::chrono::milliseconds longest_pause{2'000};
    /// After which it ends in doubt, if it is; nullopt: it is asked about for ever.
    std::optional<std::chrono::milliseconds> patience = {};
};

/// What was done about it before.
enum class Before {
    nothing,
    /// An earlier attempt was given up as not done: what came of it after all is asked for before
    /// anything is sent. It may be given up again.
    given_up,
    /// It may have been sent: the gateway is asked first, and it may arrive late.
    perhaps_sent,
};

struct Errand {
    Effects& gateway;
    Effect effect;
    EffectOrigin origin;
    Before before = Before::nothing;
    /// Whether "not done" may be the end. False: it is tried until it is done or refused.
    bool may_be_given_up = true;
    /// Called before each send. What it throws ends the errand: somebody else has it.
    std::function<void()> about_to_send = {};
    /// Awaited before it is sent again while an earlier request may still arrive there. Not of what
    /// creates: either its natural key is there once, or it had its settle time.
    std::function<asio::awaitable<void>()> about_to_repeat = {};
};

/// Until it has ended: while nobody can say what became of a request, the gateway is asked again
/// and again, with pauses of real time, for as long as the patience lasts. Concurrency: the
/// gateway's loop.
asio::awaitable<Outcome> carry_out(Errand errand, ErrandOptions options);

}  // namespace vitrine::gateways
