#pragma once

#include <memory>
#include <string>

#include "core/ids.hpp"
#include "events/envelope.hpp"

namespace vitrine::projections {

/// One offer folded from its own events, with the code that fills the read model: what the offer
/// was as of a version or a time.
class OfferHistory {
public:
    OfferHistory();
    OfferHistory(OfferHistory&&) noexcept;
    OfferHistory& operator=(OfferHistory&&) noexcept;
    ~OfferHistory();

    /// Events of the offer's stream, in order. Throws std::runtime_error if one is damaged.
    void apply(const events::RecordedEvent& event);

    bool exists() const;
    Version version() const;
    Position position() const;
    /// The JSON that GET /v1/offers/{id} answers.
    std::string body() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace vitrine::projections
