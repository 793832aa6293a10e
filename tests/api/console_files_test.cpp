#include "api/http/console_files.hpp"

#include <regex>
#include <set>
#include <utility>

#include "tests/support/catch.hpp"

using namespace vitrine::api;

namespace {

std::set<std::string> named_in(const ConsoleFile& file, const std::regex& reference) {
    const std::string text(file.content);
    std::set<std::string> names;
    for (std::sregex_iterator each(text.begin(), text.end(), reference), end; each != end; ++each)
        names.insert((*each)[1]);
    return names;
}

/// Names of files that a file of the console asks for at once.
std::set<std::string> asked_by(const ConsoleFile& file) {
    static const std::regex reference(R"re((?:from "\./|(?:src|href)="/console/)([^"]+)")re");
    return named_in(file, reference);
}

/// Of those that it asks for later: of a section that is opened.
std::set<std::string> asked_later_by(const ConsoleFile& file) {
    static const std::regex reference(R"re(import\("\./([^"]+)")re");
    return named_in(file, reference);
}

}  // namespace

TEST_CASE("what the console asks for at once is under 200 KiB, and all that it leads to is there") {
    std::set<std::string> seen;
    std::set<std::string> next{"index.html"};
    std::set<std::string> later;
    std::size_t bytes = 0;
    bool is_at_once = true;
    while (!next.empty()) {
        const auto name = next.extract(next.begin()).value();
        if (seen.insert(name).second) {
            CAPTURE(name);
            const auto* file = find_console_file(name);
            REQUIRE(file);
            CHECK_FALSE(file->content.empty());
            if (is_at_once) bytes += file->content.size();
            next.merge(asked_by(*file));
            later.merge(asked_later_by(*file));
        }
        if (next.empty()) {
            is_at_once = false;
            next = std::exchange(later, {});
        }
    }
    CHECK(seen.contains("words.js"));
    CHECK(seen.contains("quote.js"));
    CHECK(bytes < std::size_t{200} * 1024);
}

TEST_CASE(
    "the page names every module that it asks for at once, so that none is waited for before "
    "another"
) {
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
