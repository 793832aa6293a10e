#pragma once

#include "commands/offers/offer.hpp"
#include "tests/support/catch.hpp"

// given(history).when(command).then(events) for offers.
namespace vitrine::commands::spec {

inline OfferState folded(const OfferEvents& history) {
    OfferState state;
    for (const auto& event : history) state = evolve(std::move(state), event);
    return state;
}

class Outcome {
public:
    explicit Outcome(OfferDecision decision) : decision_(std::move(decision)) {}

    void then(const OfferEvents& expected) const {
        REQUIRE(decision_.has_value());
        CHECK((*decision_ == expected));
    }
    void then_nothing() const { then({}); }
    void then_rejected(Rejection::Kind kind) const {
        REQUIRE_FALSE(decision_.has_value());
        CHECK(decision_.error().kind == kind);
    }
    void then_fault(const std::string& pointer, const std::string& code) const {
        then_rejected(Rejection::Kind::invalid);
        const auto& faults = decision_.error().faults;
        CHECK(std::ranges::any_of(faults, [&](const Fault& fault) {
            return fault.pointer == pointer && fault.code == code;
        }));
    }

private:
    OfferDecision decision_;
};

class Given {
public:
    explicit Given(OfferEvents history) : state_(folded(history)) {}

    template <class Command, class... Facts>
    Outcome when(const Command& command, const Facts&... facts) const {
        return Outcome(decide(command, state_, facts...));
    }

private:
    OfferState state_;
};

inline Given given(OfferEvents history) {
    return Given(std::move(history));
}

}  // namespace vitrine::commands::spec
