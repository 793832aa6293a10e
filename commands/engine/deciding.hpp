#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/engine/bus.hpp"
#include "commands/engine/execution.hpp"
#include "commands/engine/intake.hpp"

namespace vitrine::commands {

/// A command as it is decided, and the first of its claims that another command has.
struct Decided {
    Prepared prepared;
    std::optional<Claim> taken;
};

/// Asks the definitions what a command is to do and what it relies on. Concurrency: any thread.
class Deciding {
public:
    explicit Deciding(BusParts parts) : parts_(std::move(parts)) {}

    /// A program error if there is none.
    const Definition& definition_of(std::string_view name) const;

    JsonText tenant_context(const TenantId& tenant) const;

    /// All three outlive it.
    Preparation preparation_of(const Intake& intake, Version version, const JsonText& context)
        const;

    /// Keys of what it relies on: their own commands have them alone. Where reads may block.
    static std::vector<std::string> relied_on(const Preparation& from);

    /// What the command relied on when it was accepted; none if that can no longer be told. Where
    /// reads may block.
    std::vector<std::string> relied_on(const store::CommandRecord& record, const Plan& plan) const;

    /// Where reads may block.
    Decided decide(const Preparation& from) const;

    /// The command as the stream is now, from what the journal has of it.
    static boost::asio::awaitable<Prepared> decide_again(
        std::shared_ptr<const Deciding> self, const Job& job
    );

private:
    BusParts parts_;
};

}  // namespace vitrine::commands
