#include "commands/offers/loaded.hpp"

namespace vitrine::commands {

OfferState offer_of(const Preparation& from) {
    return load_offer(from.store, from.tenant, OfferId(from.entity_id));
}

}  // namespace vitrine::commands
