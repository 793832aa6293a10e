#pragma once

#include <string>
#include <string_view>

#include "commands/engine/bus.hpp"
#include "gateways/effects.hpp"
#include "store/event_store.hpp"

namespace vitrine::processes {

/// The connector of ordinary commands.
inline constexpr std::string_view commands_connector = "commands";

/// An ordinary command as an effect of a process.
struct CommandCall {
    std::string name;       // "ActivateOffer"
    std::string method;     // "POST"
    std::string path;       // "/v1/offers/0190…/activate"
    std::string entity_id;  // of the path; empty where it is created
    std::string body = {};  // JSON; empty: {}
    std::string item_id = {};
};
gateways::Effect command_effect(CommandCall call);

/// The command bus as a gateway: what a process wants done here goes the way of every command.
///
/// Operation: the command's id and its idempotency key are made from the process and the effect's
/// key, so that it is one command however often it is sent; what became of it stands in the
/// journal. Its events have the process as actor. Done: the command has succeeded. Refused: by a
/// rule of ours, or for good by an outside system. Not done: another one is under way, the platform
/// is away, the store is full. Concurrency: the bus's loop.
class CommandEffects final : public gateways::Effects {
public:
    CommandEffects(commands::CommandBus& bus, store::EventStore& store)
        : bus_(bus), store_(store) {}

    gateways::Manner manner(const gateways::Effect& effect) const override;
    gateways::asio::awaitable<gateways::Sent> send(
        gateways::Effect effect, gateways::EffectOrigin origin
    ) override;
    gateways::asio::awaitable<gateways::Settled> settle(
        gateways::Effect effect, gateways::EffectOrigin origin
    ) override;

private:
    commands::CommandBus& bus_;
    store::EventStore& store_;
};

}  // namespace vitrine::processes
