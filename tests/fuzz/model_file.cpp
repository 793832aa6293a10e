// Model files: any bytes are a model that answers, or a fault. The first line of the input is a
// kind and the rest its content, for which a file with the right hash is made as well.

#include "analytics/model_file.hpp"

#include "analytics/baskets/recommender.hpp"
#include "analytics/binary/binary.hpp"
#include "analytics/demand/demand.hpp"
#include "analytics/lifetime/customers.hpp"
#include "tests/fuzz/input.hpp"

using namespace vitrine;

namespace {

/// What the programs do with a model: read it, and ask it.
void use(std::string_view kind, const nlohmann::json& content) {
    if (kind == "customers") {
        const auto model = analytics::read_content(content, analytics::customers_from_json);
        for (const auto& history : model.histories) (void)model.outlook(history, 10);
    } else if (kind == "baskets") {
        const auto model = analytics::read_content(content, analytics::baskets_from_json);
        const std::vector<std::size_t> basket{0};
        fuzz::require(model.ranked(basket, 3).size() <= 3, "no more are ranked than asked for");
    } else if (kind == "binary") {
        const auto model = analytics::read_content(content, analytics::binary_from_json);
        const std::vector<double> row(analytics::columns_of_features(model.columns).size(), 1.0);
        (void)model.probability(row);
    } else if (kind == "demand") {
        const auto model = analytics::read_content(content, analytics::demand_from_json);
        const auto table = analytics::read_table("price,product\n2,a\n");
        (void)analytics::predict_demand(model, *table);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto opened = analytics::open_model(text);
    if (!opened) fuzz::require(!opened.error().what.empty(), "a fault has words");
    const auto [kind, rest] = fuzz::split_line(text);
    const auto content = nlohmann::json::parse(rest, nullptr, false);
    if (content.is_discarded()) return 0;
    const auto file = analytics::write_model(kind.substr(0, kind.find(' ')), content);
    const auto again = analytics::open_model(file);
    fuzz::require(again.has_value(), "what was written opens");
    try {
        use(kind, content);
    } catch (const analytics::BadModel& error) {
        fuzz::require(*error.what() != 0, "a fault has words");
    }
    return 0;
}
