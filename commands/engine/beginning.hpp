#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <variant>

#include "commands/engine/awaited_answers.hpp"
#include "commands/engine/bus.hpp"
#include "commands/engine/intake.hpp"
#include "commands/engine/leases.hpp"
#include "commands/engine/running.hpp"
#include "commands/engine/turns.hpp"

namespace vitrine::commands {

/// A reply at once, or a command that has begun. Commands wait by the thousand: whatever is needed
/// to begin one is gone by then.
using Begun = std::variant<CommandReply, std::shared_ptr<Pending>>;

/// How a command that is decided begins: with one append, which is its end where nothing is to be
/// done outside. nullopt: another writer was on the stream, so that it must be decided again.
///
/// Concurrency: one loop. Outlived by what it is given.
class Beginning {
public:
    Beginning(
        const BusParts& parts,
        std::shared_ptr<Leases> leases,
        std::shared_ptr<Running> running,
        std::shared_ptr<AwaitedAnswers> awaited
    )
        : parts_(parts),
          leases_(std::move(leases)),
          running_(std::move(running)),
          awaited_(std::move(awaited)) {}

    /// `turn` is kept until the command has ended or is a process's, or given up with this.
    boost::asio::awaitable<std::optional<Begun>> begin(
        std::shared_ptr<Intake> intake,
        Plan plan,
        std::shared_ptr<Turns::Turn> turn,
        bool may_be_tried_again
    );

private:
    boost::asio::awaitable<void> let_late_requests_pass(TenantId tenant, StreamName stream);
    std::optional<Timestamp> late_until(const TenantId& tenant, const StreamName& stream) const;
    boost::asio::awaitable<std::optional<Begun>> conclude_at_once(
        std::shared_ptr<Intake> intake, Plan plan, bool may_be_tried_again
    );
    boost::asio::awaitable<std::optional<Begun>> feed(
        std::shared_ptr<Intake> intake, Plan plan, bool may_be_tried_again
    );
    boost::asio::awaitable<std::optional<Begun>> accept(
        std::shared_ptr<Intake> intake,
        Plan plan,
        std::shared_ptr<Turns::Turn> turn,
        bool may_be_tried_again
    );

    const BusParts& parts_;
    std::shared_ptr<Leases> leases_;
    std::shared_ptr<Running> running_;
    std::shared_ptr<AwaitedAnswers> awaited_;
};

}  // namespace vitrine::commands
