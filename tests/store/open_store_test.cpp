#include "store/open_store.hpp"

#include <fstream>
#include <iterator>

#include "store/memory/memory_event_store.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/project_folder.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
namespace fs = std::filesystem;

TEST_CASE("a store is opened by where it is, for writing and for reading", "[port]") {
    const TemporaryFolder folder;
    const auto url = url_of(folder.path());
    const auto store = open_store(url);
    REQUIRE(append(*store, "offer-1", ExpectedVersion::any(), events_of("E", 3)));
    CHECK(store->figures().events == 3);
    CHECK(store->snapshots() != nullptr);
    const auto reading = open_store_read_only(url);
    CHECK(reading->head() == 3);
    CHECK(reading->figures().events == 0);
    CHECK(reading->snapshots() == nullptr);
    for (const auto& other : {std::string("postgresql://db/log"), folder.path().string()}) {
        CHECK_THROWS_AS(open_store(other), std::runtime_error);
        CHECK_THROWS_AS(open_store_read_only(other), std::runtime_error);
    }
}

TEST_CASE("nothing outside the store names its engine", "[port]") {
    const auto project = test::project_folder();
    std::size_t files = 0;
    for (const auto* layer :
         {"analytics",
          "api",
          "commands",
          "core",
          "events",
          "gateways",
          "net",
          "projections",
          "queries",
          "sandbox"}) {
        for (const auto& file : fs::recursive_directory_iterator(project / layer)) {
            const auto kind = file.path().extension();
            if (kind != ".cpp" && kind != ".hpp") continue;
            std::ifstream in(file.path());
            const std::string text{std::istreambuf_iterator<char>(in), {}};
            CAPTURE(file.path().string());
            CHECK(text.find("store/sqlite/") == std::string::npos);
            ++files;
        }
    }
    CHECK(files > 300);
}
