#include "projections/offers/history.hpp"

#include "projections/offers/state.hpp"

namespace vitrine::projections {

struct OfferHistory::State {
    OfferState offer;
    OfferFold fold;
};

OfferHistory::OfferHistory() : state_(std::make_unique<State>()) {}
OfferHistory::OfferHistory(OfferHistory&&) noexcept = default;
OfferHistory& OfferHistory::operator=(OfferHistory&&) noexcept = default;
OfferHistory::~OfferHistory() = default;

void OfferHistory::apply(const events::RecordedEvent& event) {
    state_->fold.apply(state_->offer, event);
}

bool OfferHistory::exists() const {
    return state_->offer.version != 0;
}
Version OfferHistory::version() const {
    return state_->offer.version;
}
Position OfferHistory::position() const {
    return state_->offer.position;
}
std::string OfferHistory::body() const {
    return render(state_->offer);
}

}  // namespace vitrine::projections
