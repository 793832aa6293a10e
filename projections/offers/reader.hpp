#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/list_key.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// One offer: the JSON that GET /v1/offers/{id} answers, and what other queries need beside it.
struct OfferDetail {
    std::string body;
    Version version = 0;
    Position position = 0;  // of its last event
    OfferId offer_id;
    ClubifyId clubify_offer_id;
    std::string status;
    std::string currency;
};

struct OfferListItem {
    OfferId offer_id;
    std::string name, slug, type, status, currency;
    std::int64_t product_count = 0;
    Version version = 0;
    Timestamp created_at, updated_at;
    std::string name_key;  // what sorting by name compares
};

struct OfferFilter {
    std::string status;  // empty: any
    std::string type;    // empty: any
    std::string search;  // folded (core/text.hpp); empty: any
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

private:
    std::optional<OfferDetail> seen(std::optional<OfferDetail> offer);

    Lease lease_;
};

}  // namespace vitrine::projections
