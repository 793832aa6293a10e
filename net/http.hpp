#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitrine::net {

/// Header fields in order; names compare without case.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// The first field of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    /// How many fields have that name.
    std::size_t count(std::string_view name) const;
    void add(std::string name, std::string value);
    /// Every field of that name, as one list: "a, b" (RFC 9110 §5.3).
    std::optional<std::string> list(std::string_view name) const;
    /// Replaces every field of that name.
    void set(std::string name, std::string value);
    /// To the list in the field of that name.
    void append(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    void reserve(std::size_t fields) { fields_.reserve(fields); }

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

private:
    std::vector<Field> fields_;
};

struct Request {
    std::string method;  // "GET", in capitals
    std::string
        target;  // origin-form: "/v1/offers?limit=5"; "*" of an OPTIONS for the whole server
    Headers headers;
    std::string body;
    std::string remote;  // the peer's address; empty in a client's request
};

/// Where a body goes that is written as it comes about.
class BodyWriter {
public:
    virtual ~BodyWriter() = default;

    /// Waits until the kernel has taken it. False: the peer is gone or too slow, or the server
    /// drains; nothing more can be written.
    virtual boost::asio::awaitable<bool> write(std::string_view part) = 0;
};

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// Server only: cut the connection without answering.
    bool drop = false;
    /// Server only: close the connection after it, since what follows may be no request.
    bool close = false;
    /// Server only: writes the body, of any length, instead of `body`; the connection closes after
    /// it. Runs on the loop of the connection.
    std::function<boost::asio::awaitable<void>(BodyWriter&)> stream = {};
};

/// A request target taken apart. Segments and parameters are percent-decoded ("+" is a space in the
/// query only).
struct Target {
    std::string path;                   // decoded, "/v1/offers/x"
    std::vector<std::string> segments;  // {"v1", "offers", "x"}; no empty ones
    std::vector<std::pair<std::string, std::string>> query;

    std::optional<std::string_view> parameter(std::string_view name) const;
};

/// The request target of a request line in its origin-form (RFC 9112 §3.2): of absolute-form
/// without scheme and authority; "*" of OPTIONS as it is. nullopt: none of these, such as the
/// authority-form of CONNECT, which is for proxies.
std::optional<std::string> origin_form(std::string_view method, std::string_view target);

/// nullopt: not a valid origin-form target, or not valid UTF-8 when decoded, or a NUL in it.
std::optional<Target> parse_target(std::string_view target);

std::string percent_encode(std::string_view text);

/// "127.0.0.1:8080", "[::1]:8080": as it is printed and taken.
std::string host_and_port(std::string_view host, std::uint16_t port);

/// "OK", "Not Found", …; "Unknown" for a status without a name.
std::string_view status_text(int status);

}  // namespace vitrine::net
