#include "deliveries/clubify/answers.hpp"

namespace vitrine::deliveries {

using rest::CallError;

Answer answer_of(const CallError& error) {
    switch (error.kind) {
        case CallError::Kind::refused:
            return Answer::refused(error.message);
        case CallError::Kind::credentials:
        case CallError::Kind::not_sent:
            return Answer::again(error.message, error.retry_after);
        case CallError::Kind::unavailable:
        case CallError::Kind::unknown:
            break;
    }
    return Answer::unknown(error.message);
}

Answer look_failed(const CallError& error) {
    if (error.kind == CallError::Kind::refused) return Answer::refused(error.message);
    return Answer::again(error.message, error.retry_after);
}

const Schedule& clubify_schedule() {
    using namespace std::chrono_literals;
    static const Schedule schedule{0s, 1s, 5s, 30s, 5min, 30min, 2h, 5h, 10h, 24h};
    return schedule;
}

}  // namespace vitrine::deliveries
