#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateways/clubify/clubify.hpp"
#include "gateways/clubify/settle.hpp"
#include "gateways/effects.hpp"

// Customers on the platform, whom it knows by their e-mail address: found, then created or updated,
// as one effect. What it was last told by is the command in their metadata.
namespace vitrine::clubify {

/// Whoever has that e-mail address has what the body says: a new one, or one who is there already.
/// Of one who is not ours yet, metadata and tags of others stay.
gateways::Effect put_customer(JsonText body, const std::string& email);

/// What the body says of the one with that id; refused where there is none any more.
gateways::Effect change_customer(JsonText body, const ClubifyId& id);

asio::awaitable<gateways::Sent> send_customer(
    Clubify& clubify, Account account, gateways::Effect effect, gateways::EffectOrigin origin
);

/// Whether it was this command that the platform was last told by.
asio::awaitable<LookUp> look_up_customer(
    Clubify& clubify, Account account, gateways::Effect effect, CommandId command_id
);

}  // namespace vitrine::clubify
