#include "store/durable_file.hpp"

#include <fstream>
#include <iterator>

#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

std::string content(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a durable file is replaced whole", "[durable-file]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "current.json";
    write_durably(file, "one");
    CHECK(content(file) == "one");
    write_durably(file, std::string(100'000, 'x'));
    CHECK(content(file) == std::string(100'000, 'x'));
    write_durably(file, "");
    CHECK(content(file).empty());
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    CHECK_THROWS_AS(write_durably(folder.path() / "none" / "file", "x"), std::system_error);
}
