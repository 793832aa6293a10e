#include "commands/adoption/compare.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/adoption/adopted_customer.hpp"
#include "commands/adoption/adopted_order.hpp"
#include "commands/offers/wire.hpp"

namespace vitrine::commands {
namespace {

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

    /// Of a person: that it differs is told, and not how.
    void persons(const char* name, bool same) {
        if (same) return;
        field(name, false, true);
        differences_.back().ours.clear();
        differences_.back().theirs.clear();
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

/// Nothing, an empty text and what was erased are the same.
const std::string& text_in(const std::optional<events::PersonText>& member) {
    static const std::string none;
    return member ? member->text() : none;
}

Json lines_json(const std::vector<events::OrderLine>& lines) {
    auto json = Json::array();
    for (const auto& line : lines) {
        Json each;
        each["product_id"] = line.product_id;
        each["quantity"] = line.quantity;
        each["amount_cents"] = line.amount_cents;
        json.push_back(std::move(each));
    }
    return json;
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

std::vector<Difference> compare(const CustomerState& ours, const clubify::ListedCustomer& theirs) {
    Comparison comparison("customer", ours.id.str(), theirs.id, "");
    if (ours.merged_into) return {};
    if (ours.erased) {
        if (theirs.status != "deleted") comparison.text("status", "erased", theirs.status);
        return comparison.take();
    }
    const auto other = adopted_customer(theirs, ours.id);
    if (!other) {
        comparison.persons("email", false);
        return comparison.take();
    }
    comparison.persons("email", text_in(ours.email) == text_in(other->email));
    comparison.persons("name", text_in(ours.name) == text_in(other->name));
    comparison.persons("phone", text_in(ours.phone) == text_in(other->phone));
    comparison.persons("document", text_in(ours.document) == text_in(other->document));
    auto tags = ours.tags;
    std::ranges::sort(tags);
    comparison.field("tags", tags, other->tags);
    return comparison.take();
}

std::vector<Difference> compare(
    const events::OrderRecorded& ours, const events::OrderRecorded& theirs
) {
    Comparison comparison("order", ours.order_id, ClubifyId(theirs.order_id), ours.order_id);
    comparison.field("status", ours.status, theirs.status);
    comparison.field("currency", ours.currency, theirs.currency);
    comparison.field("total_cents", ours.total_cents, theirs.total_cents);
    comparison.field("discount_cents", ours.discount_cents, theirs.discount_cents);
    comparison.field("shipping_cents", ours.shipping_cents, theirs.shipping_cents);
    comparison.field(
        "refunded_cents", ours.refunded_cents.value_or(0), theirs.refunded_cents.value_or(0)
    );
    comparison.field("lines", lines_json(ours.lines), lines_json(theirs.lines));
    return comparison.take();
}

}  // namespace vitrine::commands
