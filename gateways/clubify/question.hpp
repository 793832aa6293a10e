#pragma once

#include "gateways/clubify/clubify.hpp"

namespace vitrine::clubify {

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
    error.message = "the answer lacks what it should tell";
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

/// `deadline` 0 means Options::call_deadline.
template <class T>
asio::awaitable<Result<T>> ask(
    Clubify* clubify, Account account, Question<T> question, std::chrono::milliseconds deadline = {}
) {
    const auto answer =
        co_await clubify->send(std::move(account), std::move(question.call), deadline);
    co_return understood<T>(answer, question.read);
}

/// As ask(); what is not there is nullopt.
template <class T>
asio::awaitable<Result<std::optional<T>>> look_for(
    Clubify* clubify, Account account, Question<T> question, std::chrono::milliseconds deadline = {}
) {
    const auto answer =
        co_await clubify->send(std::move(account), std::move(question.call), deadline);
    co_return found<T>(answer, question.read);
}

}  // namespace vitrine::clubify
