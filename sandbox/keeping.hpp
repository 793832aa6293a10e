#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/journal.hpp"
#include "sandbox/world.hpp"

namespace vitrine::sandbox {

/// Keeps the world's state and the order lines of the control plane in a file, from the start on.
/// The clock and the faults are not kept.
class Keeping {
public:
    /// Fills the world from the file, then writes it anew without what was overwritten or erased.
    /// Throws as Journal.
    Keeping(World& world, std::string path, Journal::OnFailure on_failure);

    void add_orders(std::string csv);

    /// Waits until every change so far is on the disk; false: it cannot be.
    boost::asio::awaitable<bool> durable() { return journal_->durable(); }

private:
    bool apply(std::string_view line);
    void write_anew();

    World& world_;
    std::vector<std::string> orders_;  // as posted
    std::unique_ptr<Journal> journal_;
};

}  // namespace vitrine::sandbox
