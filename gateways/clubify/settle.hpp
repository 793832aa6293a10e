#pragma once

#include <boost/asio/awaitable.hpp>
#include <variant>

#include "core/ids.hpp"
#include "gateways/clubify/clubify.hpp"
#include "gateways/clubify/effects.hpp"

namespace vitrine::clubify {

struct Foreign {};  // its natural key belongs to something that is not ours
struct Missing {};  // the entity it acts on is gone

/// What a look-up on the platform says of an effect; CallError: it failed.
using LookUp = std::variant<gateways::Done, gateways::Absent, Foreign, Missing, CallError>;

/// Asks the platform whether the effect of the command has happened.
asio::awaitable<LookUp> look_up(
    Clubify& clubify, Account account, Settle settle, gateways::Effect effect, CommandId command_id
);

}  // namespace vitrine::clubify
