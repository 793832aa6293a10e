#include "sandbox/refusal.hpp"

#include <nlohmann/json.hpp>

#include "net/http.hpp"
#include "sandbox/json.hpp"

namespace vitrine::sandbox {

Refusal not_found(std::string what) {
    return {.status = 404, .message = std::move(what) + " not found", .code = "not_found"};
}

Refusal bad_request(std::string message, std::string code) {
    return {.status = 400, .message = std::move(message), .code = std::move(code)};
}

Refusal bad_fields(FieldErrors errors) {
    Refusal refusal{.status = 400, .message = errors.front().message, .code = "validation_failed"};
    refusal.errors = std::move(errors);
    return refusal;
}

Refusal conflict(
    std::string message,
    std::string type,
    std::string field,
    std::string existing_id,
    std::string suggestion
) {
    Refusal refusal{.status = 409, .message = std::move(message), .code = type};
    const auto list_of = [](const std::string& text) {
        return JsonText(text.empty() ? "[]" : "[" + quoted(text) + "]");
    };
    refusal.extras = {
        {"conflict_type", JsonText(quoted(type))},
        {"conflict_fields", list_of(field)},
        {"existing_resource_id", JsonText(existing_id.empty() ? "null" : quoted(existing_id))},
        {"resolution_suggestions", list_of(suggestion)},
    };
    return refusal;
}

Refusal unauthorized(std::string message) {
    return {.status = 401, .message = std::move(message), .code = "unauthorized"};
}

Refusal forbidden(std::string message) {
    return {.status = 403, .message = std::move(message), .code = "forbidden"};
}

std::string error_body(const Refusal& refusal, const std::string& request_id) {
    std::string body = R"({"message":)" + quoted(refusal.message);
    body += R"(,"error":)" + quoted(net::status_text(refusal.status));
    body += R"(,"statusCode":)" + std::to_string(refusal.status);
    if (!refusal.code.empty()) body += R"(,"code":)" + quoted(refusal.code);
    if (refusal.status == 400 || refusal.status == 422) {
        body += R"(,"errors":[)";
        for (std::size_t i = 0; i < refusal.errors.size(); ++i) {
            const auto& error = refusal.errors[i];
            if (i != 0) body += ',';
            body += R"({"field":)" + quoted(error.field) + R"(,"message":)" +
                    quoted(error.message) + R"(,"code":)" + quoted(error.code) + '}';
        }
        body += ']';
    }
    for (const auto& [name, value] : refusal.extras) body += ',' + quoted(name) + ':' + value.text;
    body += R"(,"requestId":)" + quoted(request_id) + '}';
    return body;
}

}  // namespace vitrine::sandbox
