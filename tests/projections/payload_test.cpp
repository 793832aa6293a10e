#include "projections/payload.hpp"

#include <SQLiteCpp/Exception.h>

#include <new>

#include "tests/support/catch.hpp"

namespace vitrine::tests {

TEST_CASE("what is wrong with an event names it, what is wrong with the machine does not") {
    events::RecordedEvent event;
    event.type = "OfferEdited";
    event.position = 7;
    const auto reading = [&](auto error) { projections::read_event(event, [&] { throw error; }); };
    CHECK_THROWS_WITH(
        reading(std::runtime_error("no name")), "OfferEdited at position 7 cannot be read: no name"
    );
    CHECK_THROWS_AS(reading(SQLite::Exception("the disk is gone")), SQLite::Exception);
    CHECK_THROWS_AS(reading(std::bad_alloc()), std::bad_alloc);
    CHECK_NOTHROW(projections::read_event(event, [] {}));
}

TEST_CASE("what is wrong with a member names it") {
    using Case = std::pair<std::string, std::string>;
    const auto [data, named] = GENERATE(
        Case(R"({"name":7})", "`name`: "),
        Case(R"({"slug":"a:\"b","name" : null})", "`name`: "),
        Case(R"({"c\"d\\":{},"products":[{"name":[]}]})", "`name`: "),
        Case(R"({"x":{"name":7}, "price":"many"})", "`price`: "),
        Case(R"({"price":"many"})", "`price`: "),
        Case(R"({"products":{}})", "`products`: "),
        Case(R"({"products":["one"]})", "cannot be read: The JSON"),
        Case(R"({"a\"b\\":7})", R"(`a\"b\\`: )")
    );
    events::RecordedEvent event;
    event.type = "OfferEdited";
    event.position = 7;
    event.schema = 1;
    event.data = data;
    projections::Payload payload;
    const auto read = [&] {
        for (auto field : payload.open(event)) {
            const std::string_view member = field.unescaped_key();
            projections::json::value value = field.value();
            if (member == "name" || member == "a\"b\\") projections::text_of(value);
            if (member == "price") projections::number_of(value);
            if (member != "products") continue;
            for (projections::json::value element : projections::array_of(value)) {
                for (auto inner : projections::object_of(element)) {
                    projections::text_of(inner.value());
                }
            }
        }
    };
    CHECK_THROWS_WITH(
        projections::read_event(event, read),
        Catch::StartsWith("OfferEdited at position 7 cannot be read: ") && Catch::Contains(named)
    );
}

}  // namespace vitrine::tests
