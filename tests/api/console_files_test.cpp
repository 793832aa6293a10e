#include "api/http/console_files.hpp"

#include <regex>
#include <set>

#include "tests/support/catch.hpp"

using namespace vitrine::api;

namespace {

/// Names of files that a file of the console asks for.
std::set<std::string> asked_by(const ConsoleFile& file) {
    static const std::regex reference(
        R"re((?:from "\./|import\("\./|(?:src|href)="/console/)([^"]+)")re"
    );
    const std::string text(file.content);
    std::set<std::string> names;
    for (std::sregex_iterator each(text.begin(), text.end(), reference), end; each != end; ++each)
        names.insert((*each)[1]);
    return names;
}

}  // namespace

TEST_CASE("every file that the console's page leads to is in the program, under 200 KiB in all") {
    std::set<std::string> seen;
    std::set<std::string> next{"index.html"};
    std::size_t bytes = 0;
    while (!next.empty()) {
        const auto name = next.extract(next.begin()).value();
        if (!seen.insert(name).second) continue;
        CAPTURE(name);
        const auto* file = find_console_file(name);
        REQUIRE(file);
        CHECK_FALSE(file->content.empty());
        bytes += file->content.size();
        next.merge(asked_by(*file));
    }
    CHECK(seen.contains("words.js"));
    CHECK(bytes < std::size_t{200} * 1024);
}

TEST_CASE("the page names every module at once, so that none is waited for before another") {
    const auto named = asked_by(*find_console_file("index.html"));
    for (const auto& name : named) {
        CAPTURE(name);
        for (const auto& asked : asked_by(*find_console_file(name))) CHECK(named.contains(asked));
    }
    CHECK(named.contains("pages.js"));
}

TEST_CASE("the console's files have types and tags of their own") {
    CHECK(find_console_file("index.html")->content_type == "text/html; charset=utf-8");
    CHECK(find_console_file("app.js")->content_type == "text/javascript; charset=utf-8");
    CHECK(find_console_file("style.css")->content_type == "text/css; charset=utf-8");
    CHECK(find_console_file("app.js")->etag != find_console_file("style.css")->etag);
    CHECK(find_console_file("app.js")->etag.size() == 34);
    CHECK_FALSE(find_console_file("README.md"));
    CHECK_FALSE(find_console_file(""));
}
