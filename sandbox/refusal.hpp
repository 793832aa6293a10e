#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "core/json_text.hpp"

namespace vitrine::sandbox {

/// One thing wrong with an input. `field` is dotted: "products.0.productId".
struct FieldError {
    std::string field;
    std::string message{};
    std::string code{};
};
using FieldErrors = std::vector<FieldError>;

/// An answer of 4xx or 5xx in the platform's shape.
struct Refusal {
    int status = 400;
    std::string message{};
    std::string code{};  // a word for programs
    FieldErrors errors{};
    std::vector<std::pair<std::string, JsonText>> extras{};  // further members, as they are
};

/// What a handler answers when it does not refuse. An empty body goes with 204 only.
struct Reply {
    int status = 200;
    std::string body;
    std::chrono::milliseconds after{};  // for which it is held back
};
using Result = std::expected<Reply, Refusal>;

/// 404, "Offer not found".
Refusal not_found(std::string what);
Refusal bad_request(std::string message, std::string code);
/// 400 with every fault; the message is the first one's.
Refusal bad_fields(FieldErrors errors);
/// 409 with the members that the SDK's ConflictException knows.
Refusal conflict(
    std::string message,
    std::string type,
    std::string field,
    std::string existing_id,
    std::string suggestion
);
Refusal unauthorized(std::string message);
Refusal forbidden(std::string message);

/// `message`, `error`, `statusCode` in this order, as recorded from the platform, then our extras.
std::string error_body(const Refusal& refusal, const std::string& request_id);

}  // namespace vitrine::sandbox
