#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "commands/engine/bus.hpp"
#include "commands/engine/deciding.hpp"
#include "commands/engine/leases.hpp"
#include "commands/engine/running.hpp"
#include "commands/engine/turns.hpp"

namespace vitrine::commands {

/// Takes up what an earlier process, or another owner, has left unfinished.
///
/// Concurrency: one loop.
class Recovery : public std::enable_shared_from_this<Recovery> {
public:
    Recovery(
        BusParts parts,
        std::shared_ptr<const Deciding> deciding,
        std::shared_ptr<Leases> leases,
        std::shared_ptr<Running> running,
        std::shared_ptr<Turns> turns
    )
        : parts_(std::move(parts)),
          deciding_(std::move(deciding)),
          leases_(std::move(leases)),
          running_(std::move(running)),
          turns_(std::move(turns)),
          look_timer_(parts_.loop) {}

    /// See CommandBus; from then on it looks each half of a lease for what others have left.
    boost::asio::awaitable<std::size_t> recover();
    boost::asio::awaitable<std::size_t> take_up_expired();

    /// Takes up nothing any more.
    void stop();
    /// As stop; what fails from now on is not told any more.
    void end();

private:
    struct LeftBehind {
        store::CommandRecord record;
        Plan plan;
        std::vector<std::string> relied_on;  // keys
    };
    using Self = std::shared_ptr<Recovery>;

    boost::asio::awaitable<std::size_t> take_up(std::vector<store::CommandRecord> records);
    boost::asio::awaitable<void> end_erased(store::CommandRecord record);
    void take_up(LeftBehind left);
    static boost::asio::awaitable<void> look_for_expired(Self self);
    static Running::TurnToCome turn_to_come(
        Self self, std::vector<std::string> keys, std::vector<std::string> shared_keys
    );
    void look_later();

    BusParts parts_;
    std::shared_ptr<const Deciding> deciding_;
    std::shared_ptr<Leases> leases_;
    std::shared_ptr<Running> running_;
    std::shared_ptr<Turns> turns_;
    boost::asio::steady_timer look_timer_;
    bool has_stopped_ = false;
    bool has_ended_ = false;
};

}  // namespace vitrine::commands
