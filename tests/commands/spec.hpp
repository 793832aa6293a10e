#pragma once

#include <algorithm>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "core/fault.hpp"
#include "tests/support/catch.hpp"

// given<State>(history).when(command, facts…).then(events), for every aggregate: with its `evolve`
// and `decide`, which are found beside the state.
namespace vitrine::commands::spec {

template <class Decision>
class Outcome {
public:
    using Events = typename Decision::value_type;

    explicit Outcome(Decision decision) : decision_(std::move(decision)) {}

    void then(const Events& expected) const {
        REQUIRE(decision_.has_value());
        CHECK((*decision_ == expected));
    }
    void then_nothing() const { then({}); }
    void then_rejected(std::string_view problem) const {
        REQUIRE_FALSE(decision_.has_value());
        CHECK(decision_.error().problem == problem);
    }
    void then_fault(const std::string& pointer, const std::string& code) const {
        then_rejected("validation-failed");
        const auto& faults = decision_.error().faults;
        CHECK(std::ranges::any_of(faults, [&](const Fault& fault) {
            return fault.pointer == pointer && fault.code == code;
        }));
    }

private:
    Decision decision_;
};

template <class State>
class Given {
public:
    explicit Given(State state) : state_(std::move(state)) {}

    template <class Command, class... Facts>
    auto when(const Command& command, const Facts&... facts) const {
        return Outcome(decide(command, state_, facts...));
    }

private:
    State state_;
};

/// What all that has happened made of it, from nothing.
template <class State, class Events>
State folded(const Events& history) {
    State state;
    for (const auto& event : history) state = evolve(std::move(state), event);
    return state;
}

template <class State, class Events>
Given<State> given(const Events& history) {
    return Given<State>(folded<State>(history));
}

}  // namespace vitrine::commands::spec
