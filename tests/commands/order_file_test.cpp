// Files of orders: what is read, and what is told of their lines.
#include "commands/orders/order_file.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

const std::string header =
    "order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status";
const std::string line = "\n1,2011-01-04T10:00:00Z,cafe,85123A,2,500,news,,,completed";

OrderFile read(const std::string& text) {
    return {text, Zone::find("America/Sao_Paulo").value()};
}

events::OrderRecorded only_order(const std::string& text) {
    const auto file = read(text);
    CHECK(file.faults().empty());
    REQUIRE(file.orders() == 1);
    return file.order(0, [](std::string_view slug) -> std::optional<std::string> {
        if (slug == "cafe") return "EUR";
        return std::nullopt;
    });
}

std::vector<FileFault> faults_of(const std::string& text) {
    return read(text).faults();
}

bool tells(const std::vector<FileFault>& faults, std::size_t number, std::string_view what) {
    return std::ranges::any_of(faults, [&](const FileFault& fault) {
        return fault.line == number && fault.what.find(what) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("lines of the same order are one, wherever they stand", "[orders]") {
    const auto text = header + line + "\n2,2011-01-05T10:00:00Z,cafe,,1,100,,,,completed" +
                      "\n1,2011-01-04T10:00:00Z,cafe,71053,1,300,news,,,completed";
    const auto file = read(text);
    REQUIRE(file.orders() == 2);
    CHECK(file.lines_of(0) == 2);
    const auto order = file.order(0, [](std::string_view) { return "BRL"; });
    CHECK(order.order_id == "1");
    CHECK(order.total_cents == 800);
    CHECK(order.told_by == "import");
    CHECK(order.source == "news");
}

TEST_CASE("a currency is the order's, else its offer's, else the real", "[orders]") {
    CHECK(only_order(header + line).currency == "EUR");
    CHECK(only_order(header + ",currency" + line + ",USD").currency == "USD");
    CHECK(
        only_order(header + "\n1,2011-01-04T10:00:00Z,other,,1,1,,,,completed").currency == "BRL"
    );
}

TEST_CASE("a time without an offset is of the zone", "[orders]") {
    const auto order = only_order(header + "\n1,2011-01-04 10:00,cafe,,1,1,,,,completed");
    CHECK(order.placed_at == *parse_time("2011-01-04T12:00:00Z"));  // summer time
}

TEST_CASE("discount and shipping are of the whole order", "[orders]") {
    const auto order = only_order(
        header + ",discount_cents,shipping_cents" + line + ",100,50" +
        "\n1,2011-01-04T10:00:00Z,cafe,,1,300,,,,completed,,"
    );
    CHECK(order.total_cents == 750);
    CHECK(order.discount_cents == 100);
    CHECK(order.shipping_cents == 50);
}

TEST_CASE("who bought is known by the e-mail address, else by what the file calls them") {
    const auto file = read(
        header + ",customer,email" + line + ",17850,Maria@Example.com" +
        "\n2,2011-01-04T10:00:00Z,cafe,,1,1,,,,completed,17850,maria@example.com" +
        "\n3,2011-01-04T10:00:00Z,cafe,,1,1,,,,completed,99,"
    );
    CHECK(file.customers().size() == 2);
    CHECK(file.customer_of(0) == file.customer_of(1));
    CHECK(file.customer_of(2) != file.customer_of(0));
}

TEST_CASE("all faults of all lines are told, in their order", "[orders]") {
    const auto faults = faults_of(
        header + ",email,currency" + "\n1,yesterday,cafe,,x,1.5,,,,,nobody,real" +
        "\n,2011-01-04T10:00:00Z,cafe,,1,1,,,,completed,," + "\n3,2011-01-04T10:00:00Z" +
        "\n4,2011-01-04T10:00:00Z,cafe,,1,1,,,,completed,,BRL" +
        "\n4,2011-01-04T10:00:00Z,cafe,,1,1,,,,completed,,USD"
    );
    for (const auto* what : {"time", "quantity", "amount_cents", "no status", "email", "currency"})
        CHECK(tells(faults, 2, what));
    CHECK(tells(faults, 3, "no order_id"));
    CHECK(tells(faults, 4, "2 columns instead of 12"));
    CHECK(tells(faults, 6, "another currency than line 5"));
    CHECK(std::ranges::is_sorted(faults));
}

TEST_CASE("a file that cannot be read says why", "[orders]") {
    CHECK(tells(faults_of(""), 1, "empty"));
    CHECK(tells(faults_of("order_id,tempo"), 1, "\"tempo\""));
    CHECK(tells(faults_of("order_id,order_id"), 1, "twice"));
    CHECK(tells(faults_of("order_id"), 1, "no column time"));
    CHECK(tells(faults_of(header + "\n\xff"), 1, "UTF-8"));
    CHECK(tells(faults_of(header + ",discount_cents" + line + ",501"), 2, "more than its order"));
}
