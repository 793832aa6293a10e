#include "projections/offers/past.hpp"

#include <stdexcept>

#include "projections/offers/versions.hpp"

namespace vitrine::projections {
namespace {

/// Offers that are looked at for one page.
constexpr std::size_t most_looked_at = 2'000;

constexpr const char* newest_by_id = "SELECT position FROM offers WHERE tenant=? AND offer_id=?";
constexpr const char* newest_by_slug = "SELECT position FROM offers WHERE tenant=? AND slug=?";
constexpr const char* version_row =
    "SELECT valid_from,version,previous,base,changes FROM offer_versions"
    " WHERE tenant=? AND valid_from=?";

/// Those that may have existed then, in the order of the list: ?1 tenant, ?2 the position, ?3 its
/// time, ?4 and ?5 where the page before ended, ?6 how many. Columns: position of some version that
/// is no older than the wanted one, sort key, offer_id.
std::string candidates_sql(ListSort sort, bool descending, bool after) {
    const std::string direction = descending ? " DESC" : "";
    const std::string beyond = descending ? "<" : ">";
    const auto begin = [&](const std::string& key) {
        return after ? " AND (" + key + ",offer_id)" + beyond + "(?4,?5)" : std::string();
    };
    const auto order = [&](const std::string& key) {
        return " ORDER BY " + key + direction + ",offer_id" + direction + " LIMIT ?6";
    };
    switch (sort) {
        case ListSort::created_at:
            return "SELECT position,created_at,offer_id FROM offers"
                   " WHERE tenant=?1 AND created_at<=?3" +
                   begin("created_at") + order("created_at");
        case ListSort::updated_at:
            return "SELECT valid_from,valid_from,'' FROM offer_versions"
                   " WHERE tenant=?1 AND valid_from<=?2 AND (valid_to IS NULL OR valid_to>?2)" +
                   (after ? " AND valid_from" + beyond + "?4" : "") + " ORDER BY valid_from" +
                   direction + " LIMIT ?6";
        case ListSort::name:
            return "SELECT position,search,offer_id FROM offers"
                   " WHERE tenant=?1 AND named_at<=?2" +
                   begin("search") +
                   " UNION ALL SELECT valid_to,search,offer_id FROM offer_names"
                   " WHERE tenant=?1 AND valid_from<=?2 AND valid_to>?2" +
                   begin("search") + order("search");
    }
    return {};
}

bool matches(const OfferState& offer, const OfferFilter& filter) {
    return (filter.status.empty() || offer.status == filter.status) &&
           (filter.type.empty() || offer.type == filter.type) &&
           (filter.search.empty() || search_text(offer).contains(filter.search));
}

OfferListItem item_of(const OfferState& offer) {
    OfferListItem item;
    item.offer_id = OfferId(offer.offer_id);
    item.name = offer.name;
    item.slug = offer.slug;
    item.type = offer.type;
    item.status = offer.status;
    item.currency = offer.currency;
    item.product_count = static_cast<std::int64_t>(offer.products.size());
    item.version = offer.version;
    item.created_at = offer.created_at;
    item.updated_at = offer.updated_at;
    return item;
}

}  // namespace

struct PastOffers::VersionRow {
    Position position = 0;
    Version version = 0;
    Position previous = 0;
    Position base = 0;
    std::string changes;
};

std::optional<PastOffers::VersionRow> PastOffers::row_at(
    const TenantId& tenant, Position position
) {
    auto row = lease_.statement(version_row).run(tenant, position);
    if (!row.next()) return std::nullopt;
    return VersionRow{
        row.unsigned_number(0),
        row.unsigned_number(1),
        row.unsigned_number(2),
        row.unsigned_number(3),
        row.string(4)
    };
}

/// From the newest version back to the first that is wanted, by whole blocks where it can.
template <class IsWanted>
std::optional<OfferState> PastOffers::walk(
    const TenantId& tenant, Position newest, IsWanted is_wanted
) {
    auto row = row_at(tenant, newest);
    while (row && !is_wanted(*row)) {
        if (row->base != row->position) {
            const auto base = row_at(tenant, row->base);
            if (!base) return std::nullopt;
            if (!is_wanted(*base)) {
                row = base;
                continue;
            }
        }
        row = row_at(tenant, row->previous);
    }
    return row ? put_together(tenant, *row) : std::nullopt;
}

std::optional<OfferState> PastOffers::put_together(
    const TenantId& tenant, const VersionRow& newest
) {
    std::vector<VersionRow> rows{newest};
    while (rows.back().position != newest.base) {
        auto row = row_at(tenant, rows.back().previous);
        if (!row) throw std::runtime_error("a version of an offer is missing in the read model");
        rows.push_back(*std::move(row));
    }
    OfferState offer;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) fold_.read(offer, row->changes);
    offer.version = newest.version;
    offer.position = newest.position;
    return offer;
}

std::optional<OfferState> PastOffers::find(const TenantId& tenant, const OfferId& id, Position at) {
    auto newest = lease_.statement(newest_by_id).run(tenant, id);
    if (!newest.next()) return std::nullopt;
    return walk(tenant, newest.unsigned_number(0), [at](const VersionRow& row) {
        return row.position <= at;
    });
}

std::optional<OfferState> PastOffers::find_version(
    const TenantId& tenant, const OfferId& id, Version version
) {
    auto newest = lease_.statement(newest_by_id).run(tenant, id);
    if (!newest.next()) return std::nullopt;
    return walk(tenant, newest.unsigned_number(0), [version](const VersionRow& row) {
        return row.version <= version;
    });
}

std::optional<OfferState> PastOffers::find_by_slug(
    const TenantId& tenant, std::string_view slug, Position at
) {
    auto newest = lease_.statement(newest_by_slug).run(tenant, slug);
    if (!newest.next()) return std::nullopt;
    return walk(tenant, newest.unsigned_number(0), [at](const VersionRow& row) {
        return row.position <= at;
    });
}

PastPage PastOffers::list(const TenantId& tenant, const OfferFilter& filter, const Moment& at) {
    const bool by_name = filter.sort == ListSort::name;
    const auto after = filter.after.value_or(ListKey{});
    auto& select =
        lease_.statement(candidates_sql(filter.sort, filter.descending, filter.after.has_value()));
    constexpr auto limit = most_looked_at + 1;  // one more tells whether there are others
    auto rows = by_name ? select.run(tenant, at.position, at.time, after.text, after.id, limit)
                        : select.run(tenant, at.position, at.time, after.number, after.id, limit);
    PastPage page;
    ListKey key;
    for (std::size_t looked_at = 0; rows.next(); ++looked_at) {
        if (looked_at == most_looked_at || page.items.size() == filter.limit) {
            page.next = key;
            break;
        }
        key.id = rows.text(2);
        if (by_name) {
            key.text = rows.text(1);
        } else {
            key.number = rows.number(1);
        }
        const auto offer = walk(tenant, rows.unsigned_number(0), [&at](const VersionRow& row) {
            return row.position <= at.position;
        });
        if (offer && matches(*offer, filter)) page.items.push_back(item_of(*offer));
    }
    return page;
}

}  // namespace vitrine::projections
