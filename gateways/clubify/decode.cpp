#include "gateways/clubify/decode.hpp"

#include "gateways/clubify/json.hpp"
#include "gateways/clubify/units.hpp"

namespace vitrine::clubify {
namespace {

constexpr std::int64_t default_lifetime = 3600;  // seconds; what the platform's own client assumes

ClubifyId id_of(const Json& object) {
    return ClubifyId(text_of(object, {"_id", "id"}));
}

Mark mark_of(const Json& object) {
    Mark mark;
    const Json* metadata = find(object, {"metadata"});
    const Json* ours = metadata == nullptr ? nullptr : find(*metadata, {"vitrine"});
    if (ours == nullptr) return mark;
    mark.command_id = text_of(*ours, {"command_id"});
    mark.edited_by = text_of(*ours, {"edited_by"});
    return mark;
}

/// The product of an offer's line: an id, or the product itself in its place.
ClubifyId line_product(const Json& line) {
    const Json* product = find(line, {"productId", "product_id", "product"});
    if (product == nullptr) return id_of(line);
    return product->is_string() ? ClubifyId(product->get<std::string>()) : id_of(*product);
}

std::optional<RemoteProduct> product_of(const Json& json) {
    RemoteProduct product;
    product.id = id_of(json);
    if (product.id.empty()) return std::nullopt;
    product.name = text_of(json, {"name"});
    product.mark = mark_of(json);
    product.json = text_form(json);
    return product;
}

std::vector<TrafficSource> traffic_of(const Json& list) {
    std::vector<TrafficSource> sources;
    if (!list.is_array()) return sources;
    for (const Json& json : list) {
        TrafficSource source;
        source.source = text_of(json, {"source"});
        source.medium = text_of(json, {"medium"});
        source.campaign = text_of(json, {"campaign"});
        source.views = integer_of(json, {"views"}).value_or(0);
        source.conversions = integer_of(json, {"conversions"}).value_or(0);
        source.revenue_cents = cents_of(json, {"revenue", "revenue_cents"}).value_or(0);
        sources.push_back(std::move(source));
    }
    return sources;
}

OfferStats stats_of(const Json& json) {
    OfferStats stats;
    stats.period_start = text_of(json, {"period_start", "periodStart"});
    stats.period_end = text_of(json, {"period_end", "periodEnd"});
    stats.currency = text_of(json, {"currency"});
    stats.views = integer_of(json, {"views"});
    stats.conversions = integer_of(json, {"conversions"});
    stats.orders = integer_of(
        json,
        {"transaction_count",
         "transactionCount",
         "orders",
         "checkouts_completed",
         "checkoutsCompleted"}
    );
    stats.conversion_rate = number_of(json, {"conversion_rate", "conversionRate"});
    stats.revenue_cents = cents_of(json, {"revenue", "total_revenue", "totalRevenue"});
    if (const Json* traffic = find(json, {"traffic", "traffic_sources", "trafficSources"})) {
        stats.traffic = traffic_of(*traffic);
    }
    return stats;
}

}  // namespace

std::optional<rest::Token> read_token(const JsonText& answer) {
    const Json json = read_document(answer);
    rest::Token token;
    token.text = text_of(json, {"access_token", "accessToken"});
    if (token.text.empty()) return std::nullopt;
    token.lifetime = std::chrono::seconds(
        integer_of(json, {"expires_in", "expiresIn"}).value_or(default_lifetime)
    );
    return token;
}

Mark read_mark(const JsonText& object) {
    return mark_of(read_document(object));
}

std::optional<RemoteOffer> read_offer(const JsonText& answer) {
    const Json json = read_document(answer);
    RemoteOffer offer;
    offer.id = id_of(json);
    if (offer.id.empty()) return std::nullopt;
    offer.slug = text_of(json, {"slug"});
    offer.name = text_of(json, {"name"});
    offer.status = text_of(json, {"status"});
    offer.mark = mark_of(json);
    if (const Json* lines = find(json, {"products"}); lines != nullptr && lines->is_array()) {
        for (const Json& line : *lines) {
            RemoteOffer::Product product;
            product.id = line_product(line);
            product.json = text_form(line);
            offer.products.push_back(std::move(product));
        }
    }
    offer.json = text_form(json);
    return offer;
}

std::optional<RemoteProduct> read_product(const JsonText& answer) {
    return product_of(read_document(answer));
}

std::optional<ProductPage> read_product_page(
    const JsonText& answer, int page, std::size_t page_size
) {
    const Json document = Json::parse(answer.text, nullptr, false);
    const Json* list = list_in(document, {"data", "products", "items"});
    if (list == nullptr) return std::nullopt;
    ProductPage result;
    for (const Json& json : *list) {
        if (auto product = product_of(json)) result.products.push_back(std::move(*product));
    }
    result.last = is_last_page(document, page, list->size(), page_size);
    return result;
}

std::optional<OfferStats> read_stats(const JsonText& answer) {
    const Json json = read_document(answer);
    if (!json.is_object()) return std::nullopt;
    return stats_of(json);
}

std::optional<std::map<ClubifyId, OfferStats>> read_stats_by_offer(const JsonText& answer) {
    Json document = Json::parse(answer.text, nullptr, false);
    const Json* data = find(document, {"data"});
    const Json& json = data != nullptr ? *data : document;
    std::map<ClubifyId, OfferStats> result;
    if (json.is_object()) {
        for (const auto& [id, stats] : json.items()) {
            if (stats.is_object()) result.emplace(ClubifyId(id), stats_of(stats));
        }
        return result;
    }
    if (!json.is_array()) return std::nullopt;
    for (const Json& stats : json) {
        const std::string id = text_of(stats, {"offer_id", "offerId", "_id", "id"});
        if (!id.empty()) result.emplace(ClubifyId(id), stats_of(stats));
    }
    return result;
}

std::optional<CheckoutUrl> read_checkout_url(const JsonText& answer) {
    const Json json = read_document(answer);
    CheckoutUrl url;
    url.checkout_url = text_of(json, {"checkoutUrl", "checkout_url", "url"});
    if (url.checkout_url.empty()) return std::nullopt;
    url.short_url = text_of(json, {"shortUrl", "short_url"});
    url.qr_code = text_of(json, {"qrCode", "qr_code"});
    return url;
}

std::string read_health(const JsonText& answer) {
    return text_of(read_document(answer), {"status"});
}

}  // namespace vitrine::clubify
