// Tables: what can be read is written as something that reads as the same, and every kind of data
// that models are fitted to takes any text with an answer or a fault.

#include "analytics/baskets/baskets.hpp"
#include "analytics/forecast/forecast.hpp"
#include "analytics/lifetime/history.hpp"
#include "analytics/table.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    if (const auto table = analytics::read_table(text)) {
        fuzz::require(table->rows.size() == table->lines.size(), "a row has a line");
        const auto written = analytics::write_table(*table);
        const auto again = analytics::read_table(written);
        // A row of one empty field is an empty line, which is passed over.
        if (table->names.size() > 1) {
            fuzz::require(again.has_value(), "what was written is read");
            fuzz::require(again->names == table->names, "the names come back");
            fuzz::require(again->rows == table->rows, "the rows come back");
        }
    } else {
        fuzz::require(!table.error().empty(), "a fault has words");
    }
    if (const auto baskets = analytics::read_baskets(text)) {
        for (const auto& basket : baskets->baskets)
            for (const auto item : basket)
                fuzz::require(item < baskets->items.size(), "an item is one of the items");
    }
    if (const auto purchases = analytics::read_purchases(text, std::nullopt)) {
        for (const auto& [customer, days] : purchases->by_customer) {
            const auto history = analytics::history_of(days, purchases->last_day);
            fuzz::require(history.last <= history.observed, "nobody bought after the end");
        }
    }
    (void)analytics::read_series(text);
    return 0;
}
