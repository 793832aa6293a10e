// Questions what is to be paid, as bodies come in: a quote is the sum of its stages, and of its
// lines; otherwise there are faults.

#include "api/http/quote_question.hpp"
#include "commands/json.hpp"
#include "rules/prices/quote_json.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/rules/shop.hpp"

using namespace vitrine;
using rules::prices::tests::Shop;

namespace {

Shop& shop() {
    static Shop made = [] {
        Shop shop;
        shop.sell("a", 6999, 10).discount = events::Discount{"percentage", JsonText("10")};
        shop.sell("b", 14995);
        shop.sell("c", 1'000'000'000'000).price_cents = 999'999'999'999;
        shop.list("sale", {{ProductId("a"), 1, 6000}, {ProductId("a"), 10, 5000}}).priority = 1;
        shop.list("vip", {{ProductId("b"), 1, 1}}).segment = "anonymous";
        shop.coupon("percentage", "12.25");
        shop.installments = {1, 24, 3, 29'900, 500};
        return shop;
    }();
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto body = commands::parse_body(fuzz::text_of(data, size));
    if (!body) return 0;
    std::vector<Fault> faults;
    shop().question = api::question_of(*body, rules::prices::tests::at_hour(12), faults);
    const auto quote = shop().decide();
    if (!quote) {
        fuzz::require(!quote.error().empty(), "who is refused is told why");
        return 0;
    }
    std::int64_t stages = 0, lines = quote->shipping_cents + quote->interest_cents;
    for (const auto& stage : quote->stages) stages += stage.delta_cents;
    for (const auto& line : quote->lines) {
        fuzz::require(
            line.total_cents >= 0 && line.discount_cents >= 0, "nobody is paid for buying"
        );
        lines += line.total_cents;
    }
    fuzz::require(stages == quote->total_cents, "the stages sum to the total");
    fuzz::require(lines == quote->total_cents, "so do the lines");
    fuzz::require(quote->valid_until > shop().question.at, "a quote holds for a while");
    static_cast<void>(commands::Json::parse(rules::prices::quote_json(*quote)));
    return 0;
}
