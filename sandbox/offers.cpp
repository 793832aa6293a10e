#include "sandbox/offers.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "sandbox/credentials.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/offer_fields.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, 5> handled_apart{
    "status", "isActive", "active", "products", "idempotency_key"
};

const Table& offers(const Call& call) {
    return call.world.state.table(Kind::offers);
}

/// Products of the body, checked, in a list of their own.
Json take_products(Call& call, FieldErrors& errors) {
    auto* given = Checker(call.body, "", errors).find("products");
    if (!given || !given->is_array()) return Json::array();
    return read_offer_products(call, *given, errors);
}

Result create(Call& call) {
    FieldErrors errors;
    read_offer(call, true, errors);
    auto products = take_products(call, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));

    auto& body = call.body;
    auto slug = std::string(text_of(body, "slug"));
    if (slug.empty()) {
        slug = free_slug(call, slugify(text_of(body, "name")));
    } else if (const auto* holder = offers(call).find_slug(call.space, slug)) {
        return std::unexpected(slug_taken(slug, *holder));
    }
    auto offer = new_object(call);
    merge(offer, body, handled_apart);
    offer["slug"] = std::move(slug);
    if (text_of(offer, "type").empty()) offer["type"] = "single";
    offer["products"] = std::move(products);
    const auto wished = wished_status(body, "draft");
    set_offer_status(offer, wished == "active" ? "active" : "draft", call.now());
    return store(call, Kind::offers, offer, 201);
}

Result list(Call& call) {
    auto filters = common_filters(call);
    if (!filters) return std::unexpected(filters.error());
    auto search = call.query("q");
    if (!search) search = call.query("search");
    if (!search || search->empty()) return list_rows(call, Kind::offers, *filters);
    const auto wanted = [both = *filters, part = fold(*search)](const Row& row) {
        return (!both || both(row)) && fold(row.facets.name).find(part) != std::string::npos;
    };
    return list_rows(call, Kind::offers, wanted);
}

Result count(Call& call) {
    const auto filters = common_filters(call);
    if (!filters) return std::unexpected(filters.error());
    return count_rows(call, Kind::offers, *filters);
}

Result get(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    return Reply{200, (*row)->text};
}

Result get_by_slug(Call& call) {
    const auto* row = offers(call).find_slug(call.space, call.args.front());
    if (!row) return std::unexpected(not_found("Offer"));
    return Reply{200, row->text};
}

Result update(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    read_offer(call, false, errors);
    auto products = take_products(call, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));

    auto& body = call.body;
    const auto slug = text_of(body, "slug");
    const auto* holder = slug.empty() ? nullptr : offers(call).find_slug(call.space, slug);
    if (holder && holder != *row) return std::unexpected(slug_taken(slug, *holder));
    const auto& current = (*row)->facets.status;
    const auto wished = wished_status(body, current);
    if (current == "archived" && wished == "active") return std::unexpected(is_archived("publish"));

    auto offer = load(**row);
    const bool replaces_products = body.contains("products");
    merge(offer, body, handled_apart);
    if (replaces_products) offer["products"] = std::move(products);
    if (offer.at("slug").is_null()) offer["slug"] = (*row)->facets.slug;
    if (!wished.empty()) set_offer_status(offer, wished, call.now());
    return store_changed(call, Kind::offers, offer);
}

Result remove(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    const auto id = (*row)->id;
    tell(call, "offer.deleted", load(**row));
    call.world.state.erase(Kind::offers, call.space, id);
    call.world.state.erase(Kind::offer_urls, call.space, id);
    return Reply{204, ""};
}

Result duplicate(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    read_offer(call, false, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto slug = std::string(text_of(call.body, "slug"));
    if (slug.empty()) {
        slug = free_slug(call, slugify((*row)->facets.slug + "-copy"));
    } else if (const auto* holder = offers(call).find_slug(call.space, slug)) {
        return std::unexpected(slug_taken(slug, *holder));
    }
    auto original = load(**row);
    auto copy = new_object(call);
    merge(copy, original);
    copy["name"] = (*row)->facets.name + " (copy)";
    merge(copy, call.body, handled_apart);
    copy["slug"] = std::move(slug);
    set_offer_status(copy, "draft", call.now());
    return store(call, Kind::offers, copy, 201);
}

Result get_public(Call& call) {
    const auto* row = find_public(call);
    if (!row) return std::unexpected(not_found("Offer"));
    return Reply{200, row->text};
}

constexpr std::array routes{
    Route{"POST", "/offers", create},
    Route{"GET", "/offers", list},
    Route{"GET", "/offers/count", count},
    Route{"GET", "/offers/search", list},
    Route{"GET", "/offers/slug/{slug}", get_by_slug},
    Route{"GET", "/offers/public/{slug}", get_public, Access::open},
    Route{"GET", "/offers/{id}", get},
    Route{"PUT", "/offers/{id}", update},
    Route{"DELETE", "/offers/{id}", remove},
    Route{"POST", "/offers/{id}/duplicate", duplicate},
};

}  // namespace

const Row* find_public(const Call& call) {
    const auto tenant = call.request.headers.find("X-Tenant-Id");
    if (!tenant) return offers(call).find_slug_anywhere(call.args.front());
    for (const auto* mode : {"live:", "test:"}) {
        const auto space = mode + lower_case(*tenant);
        if (const auto* row = offers(call).find_slug(space, call.args.front())) return row;
    }
    return nullptr;
}

Refusal slug_taken(std::string_view slug, const Row& holder) {
    return conflict(
        "Offer with slug '" + std::string(slug) + "' already exists",
        "slug_exists",
        "slug",
        holder.id,
        "Choose another slug"
    );
}

Refusal is_archived(std::string_view asked) {
    return conflict(
        "Offer is archived: cannot " + std::string(asked),
        "offer_archived",
        "status",
        "",
        "Duplicate the offer"
    );
}

std::string free_slug(const Call& call, const std::string& slug) {
    if (!offers(call).find_slug(call.space, slug)) return slug;
    for (std::uint64_t number = 1;; ++number) {
        const auto ending = '-' + std::to_string(number);
        auto tried = slug.substr(0, 100 - ending.size()) + ending;
        if (!offers(call).find_slug(call.space, tried)) return tried;
    }
}

std::span<const Route> offer_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
