#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/list_key.hpp"
#include "projections/offers/priced.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// One offer: the JSON that GET /v1/offers/{id} answers, without what its products are called and
/// cost (OffersReader::price), and what other queries need beside it.
struct OfferDetail {
    std::string body;
    Version version = 0;
    Position position = 0;  // of its last event
    Position facts = 0;     // where what `price` added last changed; 0: nothing was added
    OfferId offer_id;
    ClubifyId clubify_offer_id;
    std::string status;
    std::string currency;
    std::string name, slug;
};

struct OfferListItem {
    OfferId offer_id;
    ClubifyId clubify_offer_id;
    std::string name, slug, type, status, currency;
    std::int64_t product_count = 0;
    std::optional<std::int64_t> total_cents;  // absent: not known
    Version version = 0;
    Timestamp created_at, updated_at;
    std::string name_key;  // what sorting by name compares
};

struct OfferFilter {
    std::string status;      // empty: any
    std::string type;        // empty: any
    std::string search;      // folded (core/text.hpp); empty: any
    std::string product_id;  // of a product that they hold; empty: any
    ListSort sort = ListSort::created_at;
    bool descending = true;
    std::optional<ListKey> after;
    std::size_t limit = 50;
};

/// Look-ups in the read model `offers`, on the caller's thread.
class OffersReader {
public:
    explicit OffersReader(Lease lease) : lease_(std::move(lease)) {}

    /// What was read last is the state after the event there.
    Position position() const { return lease_.position(); }
    std::optional<OfferDetail> find(const TenantId& tenant, const OfferId& id);
    std::optional<OfferDetail> find_by_slug(const TenantId& tenant, std::string_view slug);
    ListItems<OfferListItem> list(const TenantId& tenant, const OfferFilter& filter);

    /// The offer of the platform's id; with a filter only if that lets it through.
    std::optional<OfferListItem> find_listed(
        const TenantId& tenant, const ClubifyId& clubify_id, const OfferFilter* filter = nullptr
    );

    /// As `list`, but in the order of ids, which is that of creation, and those alone that `wants`
    /// wants. A page that is full without an item goes on after a key with an empty id.
    ListItems<OfferListItem> list_by_id(
        const TenantId& tenant,
        const OfferFilter& filter,
        const std::function<bool(const OfferListItem&)>& wants
    );

    /// Adds to the offer's body what its products are called and cost.
    void price(const TenantId& tenant, OfferDetail& offer);

    /// The product of our id (may be empty) or the platform's. A file of a former version knows
    /// none.
    std::optional<ProductFacts> product(
        const TenantId& tenant, std::string_view product_id, std::string_view clubify_product_id
    );

private:
    std::optional<OfferDetail> seen(std::optional<OfferDetail> offer);
    FindProduct finder(const TenantId& tenant);
    HeldProduct held(const TenantId& tenant, const OfferFilter& filter);
    bool lets_through(
        const Statement::Run& row, const OfferFilter& filter, const HeldProduct& product
    );

    Lease lease_;
    OfferPricing pricing_;
    std::optional<bool> has_products_;
};

}  // namespace vitrine::projections
