#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "core/edited.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "events/offers.hpp"
#include "store/event_store.hpp"

// The write model of one offer. Pure but for load.
namespace vitrine::commands {

/// A product as a command names it: by our id, or by the platform's. Absent members take their
/// defaults when it is added and stay as they are when it is changed.
struct OfferProductInput {
    std::optional<ProductId> product_id;
    std::optional<ClubifyId> clubify_product_id;
    std::optional<std::int64_t> quantity;
    std::optional<std::int64_t> position;
    std::optional<bool> required;
    std::optional<std::int64_t> price_cents;
    std::optional<events::Discount> discount;
    JsonText rules;
    bool clear_price = false;  // null was given: take it away
    bool clear_discount = false;
    bool clear_rules = false;
};

struct CreateOffer {
    std::string name;
    std::string type = "single";
    std::optional<std::string> slug;
    std::optional<std::string> description;
    std::string currency = "BRL";
    std::vector<OfferProductInput> products;
    events::Configuration configuration;
    JsonText metadata;
    bool activate = false;
};

/// What is absent stays; a section of the configuration replaces the former one; null takes away.
struct EditOffer {
    std::optional<std::string> name;
    Edited<std::string> description;
    events::Configuration configuration;
    JsonText metadata;
};

struct ActivateOffer {
    std::optional<std::string> reason;
};
struct PauseOffer {
    std::optional<std::string> reason;
};
struct ArchiveOffer {
    std::optional<std::string> reason;
};

struct AddProductToOffer {
    OfferProductInput product;
};

/// `product` names the line by our id or the platform's.
struct ChangeProductInOffer {
    std::string product;
    OfferProductInput change;
};

struct RemoveProductFromOffer {
    std::string product;
};

enum class OfferStatus { draft, active, paused, archived };

std::string_view status_name(OfferStatus status);

/// What decide must know of an offer.
struct OfferState {
    Version version = 0;  // 0: there is none
    OfferId id;
    ClubifyId clubify_id;
    CommandId created_by;
    OfferStatus status = OfferStatus::draft;
    std::string name;
    std::string slug;
    std::string type;
    std::string currency;
    std::optional<std::string> description;
    events::Configuration configuration;
    JsonText metadata;
    std::vector<events::OfferProduct> products;
};

/// A product of the tenant, as far as an offer must know it.
struct KnownProduct {
    ProductId id;
    ClubifyId clubify_id;
    std::string name;
    std::string currency;
    std::optional<std::int64_t> price_cents;  // absent: not known
    bool archived = false;
};

/// What the outside has to tell: the products that a command names, by our id or the platform's.
/// One that is not in it is not here; of one that only the platform knows, neither price nor
/// currency is known.
using KnownProducts = std::vector<KnownProduct>;

using OfferEvents = std::vector<events::OfferEvent>;
using OfferDecision = std::expected<OfferEvents, Rejection>;

/// OfferCreated, lacking clubify_offer_id, and OfferActivated if asked for.
OfferDecision decide(
    const CreateOffer& command,
    const OfferId& id,
    const std::string& slug,
    const KnownProducts& known
);
OfferDecision decide(const EditOffer& command, const OfferState& state);  // no events: so already
OfferDecision decide(
    const ActivateOffer& command, const OfferState& state, const KnownProducts& known = {}
);
OfferDecision decide(const PauseOffer& command, const OfferState& state);
OfferDecision decide(const ArchiveOffer& command, const OfferState& state);
OfferDecision decide(
    const AddProductToOffer& command, const OfferState& state, const KnownProducts& known
);
OfferDecision decide(
    const ChangeProductInOffer& command, const OfferState& state, const KnownProducts& known
);  // no events: so already
OfferDecision decide(
    const RemoveProductFromOffer& command, const OfferState& state, const KnownProducts& known
);

OfferState evolve(OfferState state, const events::OfferEvent& event);

OfferState load_offer(store::EventStore& store, const TenantId& tenant, const OfferId& id);

}  // namespace vitrine::commands
