#include "processes/signal_id.hpp"

#include "core/uuid.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::processes;

TEST_CASE(
    "ids of events are the same for the same signal, and differ for all else", "[processes]"
) {
    const ProcessName one{TenantId("acme"), "toy", "1"};
    const ProcessName other{TenantId("acme"), "toy", "2"};
    const auto id = event_id_of(one, timer_signal("t", 3), 0);
    CHECK(is_uuid(id.view()));
    CHECK(event_id_of(one, timer_signal("t", 3), 0) == id);
    CHECK(event_id_of(one, timer_signal("t", 3), 1) != id);
    CHECK(event_id_of(one, timer_signal("t", 4), 0) != id);
    CHECK(event_id_of(other, timer_signal("t", 3), 0) != id);
    CHECK(command_id_of(one, "a", "1") != command_id_of(one, "a", "2"));
    CHECK(command_id_of(one, "a", "1") != command_id_of(other, "a", "1"));
}
