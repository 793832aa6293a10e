#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "commands/engine/bus.hpp"
#include "commands/engine/intake.hpp"
#include "commands/engine/schema.hpp"
#include "commands/engine/turns.hpp"

namespace vitrine::commands {

/// What a command passes before it waits for its turn: its idempotency key, its body, what it is
/// about. Concurrency: one loop. Outlives whoever waits in it.
class Admission {
    using Key = std::pair<TenantId, std::string>;
    using Keys = std::set<Key>;

public:
    /// Has an idempotency key to itself until the request ends.
    class KeyHold {
    public:
        KeyHold() = default;
        KeyHold(std::shared_ptr<Keys> keys, Key key)
            : keys_(std::move(keys)), key_(std::move(key)) {}
        KeyHold(KeyHold&&) noexcept = default;
        KeyHold& operator=(KeyHold&& other) noexcept {
            std::swap(keys_, other.keys_);
            std::swap(key_, other.key_);
            return *this;
        }
        ~KeyHold() {
            if (keys_) keys_->erase(key_);
        }

    private:
        std::shared_ptr<Keys> keys_;
        Key key_;
    };

    using Refused = boost::asio::awaitable<std::optional<CommandReply>>;

    /// Both outlive it.
    Admission(const BusParts& parts, Turns& turns);

    /// Reads the body and asks the journal for the key, which `hold` has from then on. The reply
    /// that ends it here. Both outlive the call.
    Refused admit(Intake& intake, KeyHold& hold);

    /// The body by its schema and our rules, then what the command is about and claims. The reply
    /// that ends it here.
    Refused validate(std::shared_ptr<Intake> intake);

private:
    Refused answer_by_key(Intake& intake, KeyHold& hold);
    boost::asio::awaitable<std::vector<Fault>> faults_of(std::shared_ptr<Intake> intake) const;
    boost::asio::awaitable<void> choose_claims(std::shared_ptr<Intake> intake);

    const BusParts& parts_;
    Turns& turns_;
    std::map<std::string_view, Schema> schemas_;
    std::shared_ptr<Keys> keys_in_work_ = std::make_shared<Keys>();
};

}  // namespace vitrine::commands
