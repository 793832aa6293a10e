#pragma once

#include <string>
#include <string_view>

#include "core/phrase.hpp"

// /docs: the interface as a page for people, made from the tables of routes, problems and events.
namespace vitrine::api {

std::string docs_page(Language language);

/// What the page needs beside it.
struct DocsFile {
    std::string_view name, content_type, content;
};

/// nullptr: there is no such file.
const DocsFile* find_docs_file(std::string_view name);

}  // namespace vitrine::api
