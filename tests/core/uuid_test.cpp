#include "core/uuid.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using namespace vitrine;

namespace {

Clock standing_at(std::int64_t micros) {
    return [micros] { return Timestamp(std::chrono::microseconds(micros)); };
}

}  // namespace

TEST_CASE("a UUIDv7 carries its millisecond, version and variant", "[uuid]") {
    const auto id = uuid_v7_source(standing_at(0x0190'c1f2'a3b4LL * 1000))();
    CHECK(is_uuid(id));
    CHECK(id.substr(0, 13) == "0190c1f2-a3b4");
    CHECK(id[14] == '7');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
}

TEST_CASE(
    "a UUID of a text is the same of the same text, and carries version and variant", "[uuid]"
) {
    const auto id = uuid_of_text("acme");
    CHECK(is_uuid(id));
    CHECK(id == uuid_of_text("acme"));
    CHECK(id != uuid_of_text("acme2"));
    CHECK(id[14] == '8');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
}

TEST_CASE("ids sort in the order in which they were made, also when the clock stands", "[uuid]") {
    const auto next = uuid_v7_source(standing_at(1'700'000'000'000'000));
    std::vector<std::string> ids;
    for (int i = 0; i < 20'000; ++i) ids.push_back(next());
    CHECK(std::ranges::is_sorted(ids));
    CHECK(std::ranges::adjacent_find(ids) == ids.end());
}

TEST_CASE("ids go on when the clock steps back", "[uuid]") {
    std::int64_t now = 1'700'000'000'000'000;
    const auto next = uuid_v7_source([&now] { return Timestamp(std::chrono::microseconds(now)); });
    const auto first = next();
    now -= 3'600'000'000;
    CHECK(next() > first);
}

TEST_CASE("threads never get the same id", "[uuid][threads]") {
    const auto next = uuid_v7_source(system_clock());
    std::set<std::string> all;
    std::mutex mutex;
    {
        std::vector<std::jthread> running;
        for (int i = 0; i < 4; ++i) {
            running.emplace_back([&] {
                std::vector<std::string> mine;
                for (int k = 0; k < 2'000; ++k) mine.push_back(next());
                const std::scoped_lock lock(mutex);
                all.insert(mine.begin(), mine.end());
            });
        }
    }
    CHECK(all.size() == 8'000);
}

TEST_CASE("only the lower-case form of 36 characters is a UUID", "[uuid]") {
    CHECK(is_uuid("0190c1f2-a3b4-7cde-8f01-23456789abcd"));
    for (const auto* text : {
             "",
             "0190c1f2-a3b4-7cde-8f01-23456789abc",
             "0190c1f2-a3b4-7cde-8f01-23456789abcde",
             "0190C1F2-a3b4-7cde-8f01-23456789abcd",
             "0190c1f2a3b4-7cde-8f01-23456789abcd-",
             "0190c1f2-a3b4-7cde-8f01-23456789abcg",
             "{0190c1f2-a3b4-7cde-8f01-23456789abc",
         }) {
        INFO(text);
        CHECK_FALSE(is_uuid(text));
    }
}
