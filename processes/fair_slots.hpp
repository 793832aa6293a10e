#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>

#include "core/ids.hpp"

namespace vitrine::processes {

/// So many at once, and no tenant before another that has waited: who waits is served by tenants in
/// turn, and of one tenant first come, first served.
///
/// Concurrency: one loop. Outlived by its slots.
class FairSlots {
public:
    explicit FairSlots(std::size_t count);

    /// Gives its place to the next when it ends.
    class Slot {
    public:
        Slot() = default;
        Slot(Slot&&) noexcept = default;
        Slot& operator=(Slot&& other) noexcept;
        ~Slot();

    private:
        friend class FairSlots;
        struct State;
        explicit Slot(std::shared_ptr<State> state) : state_(std::move(state)) {}
        std::shared_ptr<State> state_;
    };

    boost::asio::awaitable<Slot> take(TenantId tenant);

    std::size_t taken() const;
    std::size_t waiting() const;

private:
    std::shared_ptr<Slot::State> state_;
};

}  // namespace vitrine::processes
