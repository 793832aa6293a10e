#include "deliveries/delivery.hpp"

namespace vitrine::deliveries {

std::string_view name_of(State state) {
    switch (state) {
        case State::pending:
            return "pending";
        case State::taken:
            return "taken";
        case State::dead:
            return "dead";
    }
    return {};
}

std::optional<State> state_of(std::string_view name) {
    for (const auto state : {State::pending, State::taken, State::dead})
        if (name_of(state) == name) return state;
    return std::nullopt;
}

}  // namespace vitrine::deliveries
