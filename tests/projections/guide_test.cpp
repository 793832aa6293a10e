#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/project_folder.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path root = vitrine::test::project_folder();

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE(in);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Block {
    std::string file;  // named in the line of the fence: ```cpp projections/…
    std::string text;
};

std::vector<Block> code_blocks(const std::string& page) {
    constexpr std::string_view fence = "```cpp ";
    std::vector<Block> blocks;
    for (auto begin = page.find(fence); begin != std::string::npos;
         begin = page.find(fence, begin)) {
        begin += fence.size();
        const auto line_end = page.find('\n', begin);
        const auto end = page.find("\n```", line_end);
        REQUIRE(end != std::string::npos);
        blocks.push_back(
            {page.substr(begin, line_end - begin), page.substr(line_end + 1, end - line_end)}
        );
        begin = end + 4;
    }
    return blocks;
}

}  // namespace

TEST_CASE("the guides quote the files as they are, each on one page") {
    for (const auto* name : {"write-a-projector.md", "add-a-feature.md"}) {
        const auto page = read_file(root / "docs" / name);
        const auto blocks = code_blocks(page);
        CHECK(blocks.size() >= 5);
        for (const auto& block : blocks) {
            INFO(name << ": " << block.file << "\n" << block.text);
            CHECK(read_file(root / block.file).find(block.text) != std::string::npos);
        }
        CHECK(std::ranges::count(page, '\n') < 180);
    }
}
