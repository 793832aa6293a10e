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

}  // namespace vitrine::tests
