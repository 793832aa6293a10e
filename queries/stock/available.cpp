#include "queries/stock/available.hpp"

#include <optional>
#include <string>
#include <string_view>

#include "core/json_append.hpp"
#include "core/text.hpp"
#include "projections/listed.hpp"
#include "projections/payload.hpp"
#include "projections/stock/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/stock/stock.hpp"

namespace vitrine::queries {
namespace {

namespace json = projections::json;

/// The stock of a tenant that has any.
class Availability {
public:
    Availability(projections::StockReader stock, const TenantId& tenant)
        : stock_(std::move(stock)), tenant_(tenant) {}

    std::optional<std::int64_t> of(std::string_view sku) {
        const auto found = stock_.find(tenant_, as_seen(sku));
        if (!found || !found->tracked) return std::nullopt;
        note(found->available());
        return found->available();
    }

    /// `facts` with what was told: 20 bits that change with it.
    Position joined_to(Position facts) const {
        constexpr int bits = 40;
        constexpr std::uint64_t mask = (1U << 20) - 1;
        if (!told_) return facts;
        const auto folded = (hash_ ^ (hash_ >> 20) ^ (hash_ >> 40)) & mask;
        return told_in(facts) | ((folded == 0 ? 1 : folded) << bits);
    }

private:
    void note(std::int64_t number) {
        constexpr std::uint64_t prime = 0x100000001b3;
        told_ = true;
        hash_ = (hash_ ^ static_cast<std::uint64_t>(number)) * prime;
    }

    projections::StockReader stock_;
    const TenantId& tenant_;
    bool told_ = false;
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

std::optional<Availability> availability(const ReadSide& reads, const TenantId& tenant) {
    auto lease = reads.projections.read_model(stock_model).lease();
    if (!lease) return std::nullopt;
    projections::StockReader reader(*std::move(lease), reads.clock());
    if (!reader.has_any(tenant)) return std::nullopt;
    return Availability(std::move(reader), tenant);
}

/// The object as it was written, and `available` behind it if there is something to tell.
std::string with_available(std::string_view raw, std::optional<std::int64_t> available) {
    std::string out(raw);
    if (!available) return out;
    out.pop_back();
    append_number(out, "available", *available);
    return out + '}';
}

std::optional<std::string> text_in(json::object object, std::string_view name) {
    auto found = object.find_field_unordered(name);
    std::string_view text;
    if (found.error() || found.get_string().get(text)) return std::nullopt;
    return std::string(text);
}

/// The body with each element of its list `name` as `make(raw)` makes it.
template <class Make>
std::string with_each(const std::string& body, std::string_view name, Make make) {
    projections::Payload payload;
    std::string out = "{";
    for (auto field : payload.open(std::string_view(body))) {
        const std::string key(std::string_view(field.unescaped_key()));
        json::value value = field.value();
        if (key != name) {
            append_raw(out, key, projections::raw_of(value));
            continue;
        }
        std::string list = "[";
        for (json::value element : projections::array_of(value)) {
            if (list.size() > 1) list += ',';
            list += make(std::string(projections::raw_of(element)));
        }
        append_raw(out, key, list + ']');
    }
    return out + '}';
}

std::optional<std::string> sku_in(const std::string& product) {
    projections::Payload payload;
    return text_in(payload.open(std::string_view(product)), "sku");
}

std::string product_with(Availability& stock, const std::string& product) {
    const auto sku = sku_in(product);
    return with_available(product, sku ? stock.of(*sku) : std::nullopt);
}

}  // namespace

Result with_available_of_product(const ReadSide& reads, const TenantId& tenant, Result product) {
    if (!product) return product;
    auto stock = availability(reads, tenant);
    if (!stock) return product;
    product->body = product_with(*stock, product->body);
    product->facts = stock->joined_to(product->facts);
    return product;
}

Result with_available_of_products(const ReadSide& reads, const TenantId& tenant, Result list) {
    if (!list) return list;
    auto stock = availability(reads, tenant);
    if (!stock) return list;
    list->body = with_each(list->body, "items", [&](const std::string& product) {
        return product_with(*stock, product);
    });
    return list;
}

Result with_available_in_offer(const ReadSide& reads, const TenantId& tenant, Result offer) {
    if (!offer) return offer;
    auto stock = availability(reads, tenant);
    auto lease = reads.projections.read_model(products_model).lease();
    if (!stock || !lease) return offer;
    projections::ListedReader products(*std::move(lease), products_model);
    offer->body = with_each(offer->body, "products", [&](const std::string& line) {
        projections::Payload payload;
        const auto id = text_in(payload.open(std::string_view(line)), "product_id");
        const auto product = id ? products.find(tenant, *id) : std::nullopt;
        const auto sku = product ? sku_in(product->body) : std::nullopt;
        return with_available(line, sku ? stock->of(*sku) : std::nullopt);
    });
    offer->facts = stock->joined_to(offer->facts);
    return offer;
}

}  // namespace vitrine::queries
