#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/key_limits.hpp"
#include "api/http/request_headers.hpp"
#include "commands/areas.hpp"
#include "commands/json_fwd.hpp"
#include "core/fault.hpp"
#include "core/phrase.hpp"
#include "net/http.hpp"
#include "queries/answer.hpp"
#include "queries/moment.hpp"
#include "store/keys.hpp"

namespace vitrine::api {

struct Backend;
struct Route;

/// One request on its way through the routes.
struct Call {
    /// `from` outlives it.
    explicit Call(const net::Request& from)
        : request(from),
          path(std::string_view(from.target).substr(0, from.target.find('?'))),
          language(preferred_language(from.headers.list("Accept-Language"))) {}

    const net::Request& request;
    std::string_view path;  // of the request line, without the query
    Language language;      // of problems: by Accept-Language
    Conditions conditions;  // If-Match and If-None-Match
    const Route* route = nullptr;
    std::vector<std::string> captures;  // what stood for {id}, {product_id}, … in their order
    std::vector<std::pair<std::string, std::string>> query;
    std::shared_ptr<const commands::Json> body;  // of a query that is asked by one: as its schema
    std::vector<Fault> body_faults;              // that a route which judges its body tells itself
    store::Principal principal;                  // of routes that need a key
    std::string correlation_id;                  // as it came, or made for it
    bool correlation_given = false;              // it came
    CommandId command_id;                        // of a command that the bus has seen
    std::string_view traceparent;                // as it came, well formed; empty: none
    std::optional<KeyLimits::Verdict> key_use;   // where keys have a limit
    std::optional<queries::AsOf> as_of;  // the past that it asks about; nullopt: the present

    /// The path without needless escapes: however it came, it is the same. It has a route.
    std::string plain_path() const;

    /// The first of that name.
    std::optional<std::string> parameter(std::string_view name) const;

    /// As true or false; false when it is not given. The fault: it is neither.
    std::expected<bool, Fault> flag(std::string_view name) const;

    /// Of parameters that take certain values only: those that have another.
    std::vector<Fault> value_faults() const;
};

/// A query parameter that a route knows.
struct Parameter {
    std::string_view name;
    std::string_view help;
    bool repeatable = false;
    std::string_view type = "string";               // of JSON Schema
    std::span<const std::string_view> values = {};  // none others are taken; empty: any
    bool required = false;
};

enum class Access {
    open,     // no key
    reader,   // any key
    command,  // operator and admin
    admin,
};

/// Answers at once, on the loop of the connection: reads nothing of the log.
using Page = net::Response (*)(Backend&, const Call&);
/// As Page, after waiting for something. The call outlives it.
using WaitingPage = boost::asio::awaitable<net::Response> (*)(Backend&, const Call&);
/// On any thread, where the reads of the store may block.
using Query = queries::Result (*)(Backend&, const Call&);
using WaitingQuery = boost::asio::awaitable<queries::Result> (*)(Backend&, const Call&);

/// One way in: exactly one of the members that answer is set.
struct Route {
    std::string_view name;     // "GetOffer"
    std::string_view method;   // "GET" serves HEAD too
    std::string_view pattern;  // "/v1/offers/{id}"
    Access access = Access::open;
    std::string_view help;  // a sentence
    std::span<const Parameter> parameters = {};
    std::span<const char* const> models = {
    };  // that ?at_least= waits for; empty: has no such parameter
    /// Whether at_least waits for `more_models` too.
    bool (*wants_more)(const Call&) = nullptr;
    std::span<const char* const> more_models = {};
    std::span<const char* const> past_models = {};  // that ?as_of= and ?as_of_version= wait for
    const commands::Definition* command = nullptr;
    Page page = nullptr;
    WaitingPage waiting_page = nullptr;
    Query query = nullptr;
    WaitingQuery waiting_query = nullptr;
    bool needs_body = false;            // a request that has none, and does not say so, is refused
    std::string_view body_schema = {};  // of what a query is asked by in a body; empty: it has none
    bool judges_body = false;  // what the schema refuses is told with what its rules refuse
    std::string_view content = "application/json";
    std::span<const std::string_view> other_contents = {};  // of a route with several
    bool streams = false;                                   // also text/event-stream
    bool negotiates = false;                                // chooses by Accept
    bool has_version = false;                               // ETag and 304
    bool tells_unready = false;                             // also with 503
    bool calls_clubify = false;     // fails when it does; of commands it is known
    bool heeds_conditions = false;  // itself, once it knows that there is what the path names
    bool writes = false;            // to the log; of commands it is known
    std::span<const std::string_view> problems = {};  // beside those that all of its kind may have
};

/// Every route of the service, commands first. The one table behind routing and documentation.
std::span<const Route> routes();

}  // namespace vitrine::api
