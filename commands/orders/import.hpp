#pragma once

#include <expected>
#include <functional>

#include "commands/facts.hpp"
#include "commands/orders/order_file.hpp"
#include "commands/orders/record.hpp"

// The orders of a file come into the log, with whoever bought them.
namespace vitrine::commands {

struct OrdersImported {
    OrdersRecorded orders;
    std::size_t lines = 0;
    std::size_t new_customers = 0, known_customers = 0;
};

/// How many lines of how many are in the log.
using ImportHeard = std::function<void(std::size_t done, std::size_t all)>;

/// Registers the customers that nobody knows, then records the orders, in batches, each in one
/// append. `file` has no faults. What was recorded stays if it is cut off, and the same file again
/// goes on from there: customers are known by their claims, orders by what was told of them.
/// Clubify is told nothing. On the caller's thread, which may block. `facts` knows who was once
/// noted with an address. The error is a sentence.
std::expected<OrdersImported, std::string> import_orders(
    const OrderRecording& recording,
    const Facts& facts,
    const OrderFile& file,
    const ImportHeard& heard,
    const std::function<bool()>& cancelled
);

}  // namespace vitrine::commands
