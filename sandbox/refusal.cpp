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
        return JsonText(text.empty() ? "[]" : "[" + json_string(text) + "]");
    };
    refusal.extras = {
        {"conflict_type", JsonText(json_string(type))},
        {"conflict_fields", list_of(field)},
        {"existing_resource_id", JsonText(existing_id.empty() ? "null" : json_string(existing_id))},
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
    std::string body = R"({"message":)" + json_string(refusal.message);
    body += R"(,"error":)" + json_string(net::status_text(refusal.status));
    body += R"(,"statusCode":)" + std::to_string(refusal.status);
    if (!refusal.code.empty()) body += R"(,"code":)" + json_string(refusal.code);
    if (refusal.status == 400 || refusal.status == 422) {
        body += R"(,"errors":[)";
        for (std::size_t i = 0; i < refusal.errors.size(); ++i) {
            const auto& error = refusal.errors[i];
            if (i != 0) body += ',';
            body += R"({"field":)" + json_string(error.field) + R"(,"message":)" +
                    json_string(error.message) + R"(,"code":)" + json_string(error.code) + '}';
        }
        body += ']';
    }
    for (const auto& [name, value] : refusal.extras)
        body += ',' + json_string(name) + ':' + value.text;
    body += R"(,"requestId":)" + json_string(request_id) + '}';
    return body;
}

}  // namespace vitrine::sandbox
