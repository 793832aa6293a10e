#include "gateways/rest/answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "net/retry_after.hpp"

namespace vitrine::rest {
namespace {

using nlohmann::json;
using Kind = CallError::Kind;

constexpr std::size_t longest_message = 500;

/// A text, or a list of texts, which is what some frameworks make of several faults.
std::string words(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_object() && value.contains("message")) return words(value.at("message"));
    std::string joined;
    if (!value.is_array()) return joined;
    for (const json& part : value) {
        const std::string text = words(part);
        if (text.empty()) continue;
        if (!joined.empty()) joined += "; ";
        joined += text;
    }
    return joined;
}

/// Cut at a character, not inside one.
std::string shortened(std::string text) {
    if (text.size() <= longest_message) return text;
    std::size_t end = longest_message;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

/// The peer's own words stay as they are.
Phrase message_of(const net::Response& response) {
    const json body = json::parse(response.body, nullptr, false);
    if (body.is_object()) {
        for (const char* name : {"message", "error"}) {
            if (!body.contains(name)) continue;
            std::string text = words(body.at(name));
            if (!text.empty()) return Phrase::as_is(shortened(std::move(text)));
        }
    }
    return {
        std::string(net::status_text(response.status)),
        "respondeu com o status " + std::to_string(response.status)
    };
}

std::optional<std::chrono::seconds> retry_after(const net::Response& response, Timestamp now) {
    const auto field = response.headers.find("Retry-After");
    return field ? net::parse_retry_after(*field, now) : std::nullopt;
}

Kind kind_of(int status) {
    if (status == 401 || status == 403) return Kind::credentials;
    if (status == 408 || status == 429 || status >= 500) return Kind::unavailable;
    if (status >= 400) return Kind::refused;
    return Kind::unknown;  // a redirection, or no status of HTTP
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Result<Answer> judge(const net::Response& response, Timestamp now) {
    CallError error;
    error.status = response.status;
    if (response.status >= 200 && response.status < 300) {
        Answer answer;
        answer.status = response.status;
        answer.body = JsonText(is_blank(response.body) ? "null" : response.body);
        if (json::accept(answer.body.text)) return answer;
        error.kind = Kind::unknown;
        error.message = {"the answer is not JSON", "a resposta não é JSON"};
        return std::unexpected(std::move(error));
    }
    error.kind = kind_of(response.status);
    error.message = message_of(response);
    error.retry_after = retry_after(response, now);
    return std::unexpected(std::move(error));
}

CallError judge(const net::TransportError& error) {
    CallError result;
    const bool sent = error.kind != net::TransportError::Kind::not_sent;
    result.kind = sent ? Kind::unknown : Kind::not_sent;
    result.message = error.detail;
    return result;
}

CallError as_sign_in_failure(CallError error) {
    // Signing in is a request of its own: the call itself never left.
    if (error.kind != Kind::credentials) error.kind = Kind::not_sent;
    error.message = phrase("sign-in: {}", "início de sessão: {}", error.message);
    return error;
}

}  // namespace vitrine::rest
