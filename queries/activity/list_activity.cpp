#include "queries/activity/list_activity.hpp"

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/text.hpp"
#include "core/time.hpp"
#include "projections/activity/reader.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

/// What offers and products are called, each looked up once.
class Names {
public:
    Names(projections::OffersReader offers, const TenantId& tenant)
        : offers_(std::move(offers)), tenant_(tenant) {}

    /// Empty: not known.
    const std::string& offer(const std::string& id) {
        return find(offer_names_, id, [&] {
            const auto offer = offers_.find(tenant_, OfferId(id));
            return offer ? offer->name : std::string();
        });
    }
    const std::string& product(const std::string& id, const std::string& clubify_id) {
        return find(product_names_, id.empty() ? clubify_id : id, [&] {
            const auto product = offers_.product(tenant_, id, clubify_id);
            return product ? product->name : std::string();
        });
    }

private:
    using Known = std::unordered_map<std::string, std::string>;
    template <class LookUp>
    static const std::string& find(Known& known, const std::string& id, LookUp look_up) {
        const auto found = known.find(id);
        return found == known.end() ? known.emplace(id, look_up()).first->second : found->second;
    }

    projections::OffersReader offers_;
    const TenantId& tenant_;
    Known offer_names_, product_names_;
};

bool has_product(const projections::ActivityEntry& entry) {
    return !entry.product_id.empty() || !entry.clubify_product_id.empty();
}

Json name_json(const std::string& name) {
    return name.empty() ? Json() : Json(name);
}

/// Of a product in an offer the summary begins with what the product is called.
std::string summary_of(const projections::ActivityEntry& entry, const std::string& product) {
    if (entry.clubify_product_id.empty()) return entry.summary;
    const auto about = product.empty() ? entry.clubify_product_id : product;
    return entry.summary.empty() ? about : about + ": " + entry.summary;
}

Json to_json(const projections::ActivityEntry& entry, Names& names) {
    Json json;
    json["position"] = entry.position;
    json["at"] = format_time(entry.at);
    json["actor"] = entry.actor;
    json["type"] = entry.type;
    json["stream"] = entry.stream;
    if (!entry.offer_id.empty()) {
        json["offer_id"] = entry.offer_id;
        json["offer_name"] = name_json(names.offer(entry.offer_id));
    }
    std::string product;
    if (has_product(entry)) {
        product = names.product(entry.product_id, entry.clubify_product_id);
        if (!entry.product_id.empty()) json["product_id"] = entry.product_id;
        if (!entry.clubify_product_id.empty())
            json["clubify_product_id"] = entry.clubify_product_id;
        json["product_name"] = name_json(product);
    }
    json["summary"] = summary_of(entry, product);
    return json;
}

}  // namespace

Result list_activity(
    const ReadSide& reads, const TenantId& tenant, const ActivityParameters& parameters
) {
    std::vector<Fault> faults;
    ListParameters common;
    common.q = parameters.q;
    common.limit = parameters.limit;
    const auto request = read_list(common, faults);
    projections::ActivityFilter filter;
    filter.before = read_position_cursor(parameters.cursor, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    filter.actor = parameters.actor.value_or("");
    filter.offer_id = parameters.offer_id.value_or("");
    filter.search = request.search;
    filter.limit = request.limit;
    auto lease = reads.projections.read_model(activity_model).lease();
    if (!lease) return std::unexpected(not_ready());
    auto offers = reads.projections.read_model(offers_model).lease();
    if (!offers) return std::unexpected(not_ready());
    Names names(projections::OffersReader(*std::move(offers)), tenant);
    if (!filter.search.empty()) {
        filter.found_elsewhere = [&](const projections::ActivityEntry& entry) {
            const auto has = [&](const std::string& name) {
                return fold(name).contains(filter.search);
            };
            return (!entry.offer_id.empty() && has(names.offer(entry.offer_id))) ||
                   (has_product(entry) &&
                    has(names.product(entry.product_id, entry.clubify_product_id)));
        };
    }
    projections::ActivityReader activity(std::move(*lease));
    const auto page = activity.list(tenant, filter);

    return list_answer(
        page.items,
        activity.position(),
        page.next ? encode_position_cursor(*page.next) : std::string(),
        [&](const auto& entry) { return to_json(entry, names).dump(); }
    );
}

}  // namespace vitrine::queries
