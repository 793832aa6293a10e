#pragma once

#include <string>
#include <string_view>

// The files of the console (the folder console/), which are part of the program.
namespace vitrine::api {

struct ConsoleFile {
    std::string_view name;  // the last segment of /console/{file}
    std::string_view content_type;
    std::string_view content;
    std::string etag;  // of the content, in quotes
};

/// nullptr: no such file. The page itself is "index.html".
const ConsoleFile* find_console_file(std::string_view name);

}  // namespace vitrine::api
