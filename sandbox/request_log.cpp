#include "sandbox/request_log.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/json.hpp"
#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::size_t most_entries = 100'000;
constexpr std::size_t most_body_bytes = 256 * 1024 * 1024;

constexpr std::array<std::string_view, 12> kept_headers{
    "idempotency-key",
    "x-tenant-id",
    "x-organization-id",
    "x-request-id",
    "x-correlation-id",
    "traceparent",
    "content-type",
    "content-length",
    "accept",
    "user-agent",
    "x-sdk-version",
    "x-sdk-language"
};

constexpr std::array<std::string_view, 8> secrets{
    "api_key",
    "apiKey",
    "refresh_token",
    "refreshToken",
    "access_token",
    "accessToken",
    "password",
    "token"
};

void mask(Json& body) {
    if (!body.is_object()) return;
    for (auto it = body.begin(); it != body.end(); ++it) {
        if (contains(secrets, it.key())) it.value() = "***";
    }
}

Json body_of(const std::string& text, bool is_auth) {
    if (text.empty()) return nullptr;
    auto body = parse_json(text);
    if (body) {
        if (is_auth) mask(*body);
        return *std::move(body);
    }
    // An authentication body that cannot be read cannot be masked either.
    return is_auth ? Json("***") : Json(text);
}

}  // namespace

void RequestLog::add(
    const net::Request& request, const net::Target& target, bool is_auth, Timestamp time
) {
    Entry entry{.number = ++total_, .time = time, .method = request.method, .path = target.path};
    entry.query = target.query;
    for (const auto name : kept_headers) {
        const auto value = request.headers.find(name);
        if (value) entry.headers.emplace_back(name, *value);
    }
    entry.body = request.body;
    entry.is_auth = is_auth;
    body_bytes_ += entry.body.size();
    entries_.push_back(std::move(entry));
    while (entries_.size() > most_entries || body_bytes_ > most_body_bytes) {
        body_bytes_ -= entries_.front().body.size();
        entries_.pop_front();
    }
}

void RequestLog::clear() {
    entries_.clear();
    body_bytes_ = 0;
    total_ = 0;
}

std::string RequestLog::to_json() const {
    std::string text = R"({"requests":[)";
    for (const auto& entry : entries_) {
        if (&entry != &entries_.front()) text += ',';
        auto shown = Json::object();
        shown["seq"] = entry.number;
        shown["time"] = format_time(entry.time);
        shown["method"] = entry.method;
        shown["path"] = entry.path;
        auto& query = shown["query"] = Json::object();
        for (const auto& [name, value] : entry.query) query[name] = value;
        auto& headers = shown["headers"] = Json::object();
        for (const auto& [name, value] : entry.headers) headers[name] = value;
        shown["body"] = body_of(entry.body, entry.is_auth);
        text += shown.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    text += R"(],"total":)" + std::to_string(total_);
    return text + R"(,"dropped":)" + std::to_string(total_ - entries_.size()) + '}';
}

}  // namespace vitrine::sandbox
