#pragma once

#include "gateways/clubify/clubify.hpp"
#include "gateways/rest/question.hpp"

namespace vitrine::clubify {

using rest::found;
using rest::Question;
using rest::understood;

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
