#pragma once

#include <utility>

#include "gateways/rest/call.hpp"

namespace vitrine::rest {

/// A call, and how its answer is read. The reader gives nullopt when what makes the thing what it
/// is (its id, its URL) is missing.
template <class T>
struct Question {
    Call call;
    std::optional<T> (*read)(const JsonText&);
};

/// The answer as what it says; without an answer, or with one that does not say it, the error.
template <class T, class Read>
Result<T> understood(const Result<Answer>& answer, Read read) {
    if (!answer) return std::unexpected(answer.error());
    if (auto value = read(answer->body)) return std::move(*value);
    CallError error;
    error.kind = CallError::Kind::unknown;
    error.status = answer->status;
    error.message = {
        "the answer lacks what it should tell", "falta na resposta o que ela deveria dizer"
    };
    return std::unexpected(std::move(error));
}

/// The same for a look-up, where "404" is an answer too.
template <class T, class Read>
Result<std::optional<T>> found(const Result<Answer>& answer, Read read) {
    if (!answer && answer.error().status == 404) return std::optional<T>();
    return understood<std::optional<T>>(answer, [&read](const JsonText& body) {
        auto value = read(body);
        return value ? std::optional(std::move(value)) : std::nullopt;
    });
}

}  // namespace vitrine::rest
