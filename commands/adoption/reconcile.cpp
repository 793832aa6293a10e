#include "commands/adoption/reconcile.hpp"

#include <algorithm>
#include <map>

#include "commands/adoption/adopted_order.hpp"
#include "commands/adoption/our_ids.hpp"
#include "commands/customers/loaded.hpp"
#include "commands/problem_of.hpp"
#include "gateways/clubify/listed_orders.hpp"
#include "gateways/clubify/refusals.hpp"
#include "store/read.hpp"

namespace vitrine::commands {
namespace {

using boost::asio::awaitable;
using clubify::ListedCustomer;
using clubify::ListedOffer;
using clubify::ListedProduct;

Difference missing(
    Difference::Kind kind,
    const char* entity,
    std::string id,
    ClubifyId clubify_id,
    std::string name
) {
    Difference difference;
    difference.kind = kind;
    difference.entity = entity;
    difference.id = std::move(id);
    difference.clubify_id = std::move(clubify_id);
    difference.name = std::move(name);
    return difference;
}

const std::string& name_of(const ProductState& ours) {
    return ours.name;
}
const std::string& name_of(const OfferState& ours) {
    return ours.name;
}
/// Whoever reads of differences need not see people.
std::string name_of(const CustomerState&) {
    return {};
}
const std::string& name_of(const ListedProduct& theirs) {
    return theirs.name;
}
const std::string& name_of(const ListedOffer& theirs) {
    return theirs.name;
}
std::string name_of(const ListedCustomer&) {
    return {};
}

/// Who is erased here is to be there no more, or as one who is deleted.
bool is_expected_there(const CustomerState& ours) {
    return ours.is_known();
}
bool is_expected_there(const auto&) {
    return true;
}

bool is_there(const ListedCustomer& theirs) {
    return theirs.status != "deleted";
}
bool is_there(const auto&) {
    return true;
}

/// Each of ours against what is there, then what is there only.
template <class Id, class Item, class Load>
std::size_t compare_all(
    const char* entity,
    const std::map<ClubifyId, Id>& ours,
    const std::map<ClubifyId, Item>& theirs,
    Load load,
    std::vector<Difference>& differences
) {
    std::size_t compared = ours.size();
    for (const auto& [clubify_id, id] : ours) {
        const auto state = load(id);
        const auto found = theirs.find(clubify_id);
        if (found == theirs.end()) {
            if (is_expected_there(state))
                differences.push_back(missing(
                    Difference::Kind::missing_there, entity, id.str(), clubify_id, name_of(state)
                ));
            continue;
        }
        std::ranges::move(compare(state, found->second), std::back_inserter(differences));
    }
    for (const auto& [clubify_id, item] : theirs) {
        if (ours.contains(clubify_id) || !is_there(item)) continue;
        ++compared;
        differences.push_back(
            missing(Difference::Kind::missing_here, entity, "", clubify_id, name_of(item))
        );
    }
    return compared;
}

std::size_t compare_orders(
    const std::map<std::string, OurOrder>& ours,
    const std::map<std::string, events::OrderRecorded>& theirs,
    std::vector<Difference>& differences
) {
    const auto absent = [&](Difference::Kind kind, const std::string& id) {
        differences.push_back(missing(kind, "order", id, ClubifyId(id), id));
    };
    std::size_t compared = ours.size();
    for (const auto& [id, order] : ours) {
        const auto found = theirs.find(id);
        if (found == theirs.end()) {
            absent(Difference::Kind::missing_there, id);
        } else if (order.adopted) {
            std::ranges::move(
                compare(*order.adopted, found->second), std::back_inserter(differences)
            );
        }
    }
    for (const auto& [id, order] : theirs) {
        if (ours.contains(id)) continue;
        ++compared;
        absent(Difference::Kind::missing_here, id);
        differences.back().id.clear();
    }
    return compared;
}

/// What the platform has.
struct Theirs {
    std::map<ClubifyId, ListedProduct> products;
    std::map<ClubifyId, ListedOffer> offers;
    std::map<ClubifyId, ListedCustomer> customers;
    std::map<std::string, events::OrderRecorded> orders;
};

/// Where reads may block.
Reconciliation compare_with_ours(
    store::EventStore& store, const TenantId& tenant, const Theirs& theirs
) {
    const auto ours = our_ids(store, tenant);
    Reconciliation result;
    result.products = compare_all(
        "product",
        ours.products,
        theirs.products,
        [&](const ProductId& id) { return load_product(store, tenant, id); },
        result.differences
    );
    result.offers = compare_all(
        "offer",
        ours.offers,
        theirs.offers,
        [&](const OfferId& id) { return load_offer(store, tenant, id); },
        result.differences
    );
    result.customers = compare_all(
        "customer",
        ours.customers,
        theirs.customers,
        [&](const events::CustomerId& id) { return load_customer(store, tenant, id.str()); },
        result.differences
    );
    result.orders = compare_orders(our_orders(store, tenant), theirs.orders, result.differences);
    return result;
}

/// All pages of a list, in order. Why it was cut off; nullopt: it was not.
template <class GetPage, class Take>
awaitable<std::optional<clubify::CallError>> each_item(
    GetPage* get_page, clubify::Clubify* clubify, clubify::Account account, Take take
) {
    for (int page = 1;; ++page) {
        auto found = co_await get_page(*clubify, account, page);
        if (!found) co_return found.error();
        for (auto& item : found->items) take(item);
        if (found->last) co_return std::nullopt;
    }
}

}  // namespace

awaitable<std::expected<Reconciliation, Problem>> reconcile(AdoptionTools tools, TenantId tenant) {
    const auto account = tools.accounts(tenant);
    if (!account) {
        co_return std::unexpected(problem_named("clubify-credentials", clubify::no_credentials()));
    }
    Theirs theirs;
    const auto keep = [](auto& all) {
        return [&all](auto& item) { all.emplace(item.id, std::move(item)); };
    };
    if (auto failed = co_await each_item(
            clubify::product_page, &tools.clubify, *account, keep(theirs.products)
        ))
        co_return std::unexpected(problem_of(*failed));
    if (auto failed =
            co_await each_item(clubify::offer_page, &tools.clubify, *account, keep(theirs.offers)))
        co_return std::unexpected(problem_of(*failed));
    if (auto failed = co_await each_item(
            clubify::customer_page, &tools.clubify, *account, keep(theirs.customers)
        ))
        co_return std::unexpected(problem_of(*failed));
    const auto keep_order = [&](const clubify::ListedOrder& order) {
        if (auto adopted = adopted_order(order, {}))
            theirs.orders.emplace(order.id, *std::move(adopted));
    };
    if (auto failed = co_await each_item(clubify::order_page, &tools.clubify, *account, keep_order))
        co_return std::unexpected(problem_of(*failed));
    co_return co_await store::read(tools.store, [&] {
        return compare_with_ours(tools.store, tenant, theirs);
    });
}

}  // namespace vitrine::commands
