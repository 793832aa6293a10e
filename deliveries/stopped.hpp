#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>

#include "deliveries/delivery.hpp"
#include "deliveries/runner.hpp"

namespace vitrine::store {
class EventStore;
}

namespace vitrine::deliveries {

class Progress;

/// What operators decide while nothing runs: written to the file of progress, and carried out by
/// the runner that starts next. As the functions of Runner, which wait for what they change.
///
/// Concurrency: one thread, while no runner has the file. Errors: throws what a broken disk throws.
class Stopped {
public:
    Stopped(const std::filesystem::path& data, store::EventStore& store);
    ~Stopped();

    std::expected<Retried, Refused> retry(
        const ReceiverName& name, const std::optional<EventId>& event
    );
    std::expected<std::uint64_t, Refused> dismiss(
        const ReceiverName& name, const std::optional<EventId>& event
    );
    std::expected<Replay, Refused> replay(
        const ReceiverName& name, Position from, std::optional<Position> to
    );
    std::expected<void, Refused> pause(const ReceiverName& name, bool paused);

private:
    std::unique_ptr<Progress> progress_;
};

}  // namespace vitrine::deliveries
