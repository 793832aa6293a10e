// Files of orders: whatever is in one, it is either told what is wrong with its lines, or every
// order of it can be had, each line in one of them.

#include <algorithm>

#include "commands/orders/order_file.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const commands::OrderFile file(text, Zone::find("America/Sao_Paulo").value());
    fuzz::require(file.faults().size() <= file.fault_count(), "faults are counted");
    fuzz::require(std::ranges::is_sorted(file.faults()), "faults are in the order of the lines");
    for (const auto& fault : file.faults()) fuzz::require(!fault.what.empty(), "a fault has words");
    if (file.fault_count() != 0) return 0;
    std::size_t lines = 0;
    for (std::size_t i = 0; i < file.orders(); ++i) {
        const auto order = file.order(i, [](std::string_view) { return "BRL"; });
        std::int64_t sum = order.shipping_cents - order.discount_cents;
        for (const auto& line : order.lines) sum += line.amount_cents;
        fuzz::require(order.lines.size() == file.lines_of(i), "each line is one of its order");
        fuzz::require(sum == order.total_cents, "lines, shipping and discount are the total");
        fuzz::require(!order.currency.empty(), "an order has a currency");
        if (const auto customer = file.customer_of(i))
            fuzz::require(*customer < file.customers().size(), "a customer is one of the file's");
        lines += order.lines.size();
    }
    fuzz::require(lines == file.lines(), "no line is lost");
    return 0;
}
