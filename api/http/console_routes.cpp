#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/console_files.hpp"
#include "api/http/respond.hpp"

namespace vitrine::api {
namespace {

/// Nothing but our own files, nobody may frame them, and no text becomes markup or script. Images:
/// what the style sheet draws.
constexpr const char* content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

net::Response file_response(const ConsoleFile& file) {
    net::Response response;
    response.headers.add("Content-Security-Policy", content_policy);
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Referrer-Policy", "no-referrer");
    response.headers.add("Cache-Control", "no-cache");  // kept, but asked for each time
    response.headers.add("ETag", file.etag);
    response.headers.add("Content-Type", std::string(file.content_type));
    response.body = file.content;
    return response;
}

net::Response console(Backend&, const Call&) {
    return file_response(*find_console_file("index.html"));
}

net::Response console_file(Backend&, const Call& call) {
    const auto* file = find_console_file(call.captures.front());
    return file ? file_response(*file) : problem_response("not-found", call);
}

constexpr std::string_view other_contents[] = {"text/css", "text/html"};

const Route table[] = {
    {.name = "Console",
     .method = "GET",
     .pattern = "/console",
     .help = "The console: offers, their timelines and figures in a browser. It asks for a key.",
     .page = console,
     .content = "text/html",
     .has_version = true},
    {.name = "ConsoleFile",
     .method = "GET",
     .pattern = "/console/{file}",
     .help = "A file of the console.",
     .page = console_file,
     .content = "text/javascript",
     .other_contents = other_contents,
     .has_version = true},
};

}  // namespace

RouteArea console_routes() {
    return {table, {}};  // what they answer stands with the operations
}

}  // namespace vitrine::api
