#include "commands/adoption/reconcile.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "commands/adoption/our_ids.hpp"
#include "commands/offers/wire.hpp"
#include "commands/problem_of.hpp"
#include "gateways/clubify/refusals.hpp"
#include "store/read.hpp"

namespace vitrine::commands {
namespace {

using boost::asio::awaitable;
using clubify::ListedOffer;
using clubify::ListedProduct;
using Json = nlohmann::json;  // members in any order are the same

/// Collects what differs between the two sides of one product or offer.
class Comparison {
public:
    Comparison(const char* entity, std::string id, ClubifyId clubify_id, std::string name)
        : entity_(entity),
          id_(std::move(id)),
          clubify_id_(std::move(clubify_id)),
          name_(std::move(name)) {}

    void field(const char* name, const Json& ours, const Json& theirs) {
        if (ours == theirs) return;
        Difference difference;
        difference.kind = Difference::Kind::differs;
        difference.entity = entity_;
        difference.id = id_;
        difference.clubify_id = clubify_id_;
        difference.name = name_;
        difference.field = name;
        difference.ours = ours.dump();
        difference.theirs = theirs.dump();
        differences_.push_back(std::move(difference));
    }

    /// An absent text and an empty one are the same.
    void text(
        const char* name,
        const std::optional<std::string>& ours,
        const std::optional<std::string>& theirs
    ) {
        field(name, ours.value_or(""), theirs.value_or(""));
    }

    /// The platform may add members of its own.
    void section(const char* name, const JsonText& ours, const JsonText& theirs) {
        if (ours.empty()) return;
        const auto mine = Json::parse(ours.text);
        const auto other = theirs.empty() ? Json::object() : Json::parse(theirs.text);
        auto shared = Json::object();
        for (const auto& member : mine.items()) {
            if (other.contains(member.key())) shared[member.key()] = other.at(member.key());
        }
        field(name, mine, shared);
    }

    std::vector<Difference> take() { return std::move(differences_); }

private:
    const char* entity_;
    std::string id_;
    ClubifyId clubify_id_;
    std::string name_;
    std::vector<Difference> differences_;
};

Json or_null(const std::optional<std::int64_t>& cents) {
    return cents ? Json(*cents) : Json();
}

Json line_json(const clubify::OfferProduct& line) {
    Json json;
    json["clubify_product_id"] = line.product.str();
    json["quantity"] = line.quantity;
    json["position"] = line.position;
    json["required"] = line.required;
    if (line.price_cents) json["price_cents"] = *line.price_cents;
    if (line.discount) {
        json["discount"]["type"] = line.discount->type;
        json["discount"]["value"] = Json::parse(line.discount->value.text);
    }
    if (!line.rules.empty()) json["rules"] = Json::parse(line.rules.text);
    return json;
}

Json lines_json(std::vector<clubify::OfferProduct> lines) {
    std::ranges::sort(lines, {}, &clubify::OfferProduct::product);
    auto json = Json::array();
    for (const auto& line : lines) json.push_back(line_json(line));
    return json;
}

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
            differences.push_back(
                missing(Difference::Kind::missing_there, entity, id.str(), clubify_id, state.name)
            );
            continue;
        }
        std::ranges::move(compare(state, found->second), std::back_inserter(differences));
    }
    for (const auto& [clubify_id, item] : theirs) {
        if (ours.contains(clubify_id)) continue;
        ++compared;
        differences.push_back(
            missing(Difference::Kind::missing_here, entity, "", clubify_id, item.name)
        );
    }
    return compared;
}

/// Where reads may block.
Reconciliation compare_with_ours(
    store::EventStore& store,
    const TenantId& tenant,
    const std::map<ClubifyId, ListedProduct>& products,
    const std::map<ClubifyId, ListedOffer>& offers
) {
    const auto ours = our_ids(store, tenant);
    Reconciliation result;
    result.products = compare_all(
        "product",
        ours.products,
        products,
        [&](const ProductId& id) { return load_product(store, tenant, id); },
        result.differences
    );
    result.offers = compare_all(
        "offer",
        ours.offers,
        offers,
        [&](const OfferId& id) { return load_offer(store, tenant, id); },
        result.differences
    );
    return result;
}

}  // namespace

std::string_view difference_name(Difference::Kind kind) {
    switch (kind) {
        case Difference::Kind::missing_there:
            return "missing_there";
        case Difference::Kind::missing_here:
            return "missing_here";
        case Difference::Kind::differs:
            return "differs";
    }
    return {};
}

std::vector<Difference> compare(const ProductState& ours, const ListedProduct& theirs) {
    Comparison comparison("product", ours.id.str(), theirs.id, ours.name);
    comparison.text("name", ours.name, theirs.name);
    comparison.text("description", ours.description, theirs.description);
    // Older programs noted 0 for a product without a price.
    if (ours.price_cents.value_or(0) != theirs.price_cents.value_or(0))
        comparison.field("price_cents", or_null(ours.price_cents), or_null(theirs.price_cents));
    comparison.text("currency", ours.currency, theirs.currency);
    comparison.section("metadata", ours.metadata, theirs.metadata);
    return comparison.take();
}

std::vector<Difference> compare(const OfferState& ours, const ListedOffer& theirs) {
    Comparison comparison("offer", ours.id.str(), theirs.id, ours.name);
    comparison.text("name", ours.name, theirs.name);
    comparison.text("slug", ours.slug, theirs.slug);
    comparison.text("status", std::string(status_name(ours.status)), theirs.status);
    comparison.text("type", ours.type, theirs.type);
    comparison.text("description", ours.description, theirs.description);
    std::vector<clubify::OfferProduct> lines;
    lines.reserve(ours.products.size());
    for (const auto& product : ours.products) lines.push_back(to_wire(product));
    comparison.field("products", lines_json(std::move(lines)), lines_json(theirs.products));
    comparison.section("settings", ours.configuration.settings, theirs.settings);
    comparison.section("theme", ours.configuration.theme, theirs.theme);
    comparison.section("layout", ours.configuration.layout, theirs.layout);
    comparison.section("seo", ours.configuration.seo, theirs.seo);
    comparison.section("tracking", ours.configuration.tracking, theirs.tracking);
    comparison.section("metadata", ours.metadata, theirs.metadata);
    return comparison.take();
}

awaitable<std::expected<Reconciliation, Problem>> reconcile(AdoptionTools tools, TenantId tenant) {
    const auto account = tools.accounts(tenant);
    if (!account) {
        co_return std::unexpected(problem_named("clubify-credentials", clubify::no_credentials()));
    }
    std::map<ClubifyId, ListedProduct> products;
    for (int page = 1;; ++page) {
        auto found = co_await clubify::product_page(tools.clubify, *account, page);
        if (!found) co_return std::unexpected(problem_of(found.error()));
        for (auto& product : found->items) products.emplace(product.id, std::move(product));
        if (found->last) break;
    }
    std::map<ClubifyId, ListedOffer> offers;
    for (int page = 1;; ++page) {
        auto found = co_await clubify::offer_page(tools.clubify, *account, page);
        if (!found) co_return std::unexpected(problem_of(found.error()));
        for (auto& offer : found->items) offers.emplace(offer.id, std::move(offer));
        if (found->last) break;
    }
    co_return co_await store::read(tools.store, [&] {
        return compare_with_ours(tools.store, tenant, products, offers);
    });
}

}  // namespace vitrine::commands
