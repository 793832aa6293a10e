#include "queries/quotes/price_book.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "queries/quotes/terms_of.hpp"

namespace vitrine::queries {

using namespace rules::prices;
using projections::PricingReader;

namespace {

/// Of one tenant; a page that is full begins anew.
constexpr std::size_t most_offers = 10'000, most_coupons = 10'000, most_products = 10'000,
                      most_tenants = 1'000;

constexpr std::string_view coupons = "coupons", price_lists = "price_lists",
                           settings = "price_settings", installments = "installments",
                           rounding = "rounding";

}  // namespace

struct PriceBook::Offered {
    OfferTerms offer;
    std::vector<std::optional<ProductTerms>> products;  // of each line
    std::vector<const ProductTerms*> pointers;

    Offered(PricingReader& reader, const TenantId& tenant, const projections::PricingRow& row)
        : offer(offer_terms(row)) {
        for (auto& line : offer.lines) {
            const auto product =
                line.product_id ? reader.product(tenant, line.product_id->view())
                                : reader.platform_product(tenant, line.clubify_product_id.view());
            if (product) line.product_id = ProductId(product->id);
            products.push_back(product ? std::optional(product_terms(*product)) : std::nullopt);
        }
        for (const auto& each : products) pointers.push_back(each ? &*each : nullptr);
    }
    Offered(const Offered&) = delete;
    Offered& operator=(const Offered&) = delete;

    bool is_so(PricingReader& reader, const TenantId& tenant) const {
        if (reader.offer_version(tenant, offer.offer_id.view()) != offer.revision) return false;
        for (std::size_t i = 0; i < products.size(); ++i) {
            const auto& line = offer.lines[i];
            if (!products[i]) return false;  // it may be known by now
            if (reader.product_version(tenant, line.product_id->view()) != products[i]->revision)
                return false;
        }
        return true;
    }
};

struct PriceBook::General {
    std::vector<std::shared_ptr<const PriceList>> lists;
    std::vector<const PriceList*> pointers;
    InstallmentPlan plan;
    RoundingTerms rounding;

    /// Lists that are as they were are not read again.
    General(PricingReader& reader, const TenantId& tenant, const General* former) {
        for (const auto& each : reader.price_lists(tenant)) {
            auto list = former ? former->find(each) : nullptr;
            if (!list) {
                const auto row = reader.row(tenant, price_lists, each.id);
                list = std::make_shared<const PriceList>(price_list(row.value()));
            }
            pointers.push_back(list.get());
            lists.push_back(std::move(list));
        }
        if (const auto row = reader.row(tenant, settings, installments))
            plan = InstallmentPlan(installment_terms(*row));
        if (const auto row = reader.row(tenant, settings, queries::rounding))
            rounding = rounding_terms(*row);
    }

    std::shared_ptr<const PriceList> find(const projections::PricingRow& row) const {
        for (const auto& list : lists) {
            if (list->name == row.id && list->revision == row.version) return list;
        }
        return nullptr;
    }

    bool is_so(PricingReader& reader, const TenantId& tenant) const {
        const auto there = reader.price_lists(tenant);
        return there.size() == lists.size() &&
               std::ranges::all_of(
                   there, [this](const auto& each) { return find(each) != nullptr; }
               ) &&
               reader.version(tenant, settings, installments) == plan.terms().revision &&
               reader.version(tenant, settings, queries::rounding) == rounding.revision;
    }
};

/// What the page has, if it is so at `position`; else what is read, which the page then has.
template <class Value, class IsSo, class Read>
std::shared_ptr<const Value> PriceBook::take(
    const TenantId& tenant,
    const std::string& id,
    Position position,
    Place<Value> place,
    IsSo is_so,
    Read read
) const {
    std::shared_ptr<const Value> value;
    {
        const std::scoped_lock lock(mutex_);
        const auto& entry = place(pages_[tenant], id);
        if (entry.value && entry.seen == position) return entry.value;
        value = entry.value;
    }
    if (!value || !is_so(*value)) value = read(value.get());
    if (!value) return nullptr;
    const std::scoped_lock lock(mutex_);
    if (pages_.size() > most_tenants) pages_.clear();
    place(pages_[tenant], id) = {value, position};
    return value;
}

std::shared_ptr<const PriceBook::Offered> PriceBook::offered(
    Reader& reader, const TenantId& tenant, const OfferId& offer
) const {
    return take<Offered>(
        tenant,
        offer.str(),
        reader.position(),
        [](Page& page, const std::string& id) -> Entry<Offered>& {
            if (page.offers.size() > most_offers) page.offers.clear();
            return page.offers[id];
        },
        [&](const Offered& known) { return known.is_so(reader, tenant); },
        [&](const Offered*) -> std::shared_ptr<const Offered> {
            const auto row = reader.offer(tenant, offer.view());
            return row ? std::make_shared<const Offered>(reader, tenant, *row) : nullptr;
        }
    );
}

std::shared_ptr<const PriceBook::General> PriceBook::general(Reader& reader, const TenantId& tenant)
    const {
    return take<General>(
        tenant,
        {},
        reader.position(),
        [](Page& page, const std::string&) -> Entry<General>& { return page.general; },
        [&](const General& known) { return known.is_so(reader, tenant); },
        [&](const General* former) {
            return std::make_shared<const General>(reader, tenant, former);
        }
    );
}

std::shared_ptr<const CouponTerms> PriceBook::coupon(
    Reader& reader, const TenantId& tenant, std::string_view code
) const {
    const auto id = fold(code);
    const auto row = [&] { return reader.row(tenant, coupons, id); };
    return take<CouponTerms>(
        tenant,
        id,
        reader.position(),
        [](Page& page, const std::string& name) -> Entry<CouponTerms>& {
            if (page.coupons.size() > most_coupons) page.coupons.clear();
            return page.coupons[name];
        },
        [](const CouponTerms&) { return false; },  // each use changes it
        [&](const CouponTerms*) -> std::shared_ptr<const CouponTerms> {
            const auto found = row();
            return found ? std::make_shared<const CouponTerms>(coupon_terms(*found)) : nullptr;
        }
    );
}

std::shared_ptr<const ProductTerms> PriceBook::product(
    Reader& reader, const TenantId& tenant, const ProductId& id
) const {
    return take<ProductTerms>(
        tenant,
        id.str(),
        reader.position(),
        [](Page& page, const std::string& name) -> Entry<ProductTerms>& {
            if (page.products.size() > most_products) page.products.clear();
            return page.products[name];
        },
        [&](const ProductTerms& known) {
            return reader.product_version(tenant, id.view()) == known.revision;
        },
        [&](const ProductTerms*) -> std::shared_ptr<const ProductTerms> {
            const auto row = reader.product(tenant, id.view());
            return row ? std::make_shared<const ProductTerms>(product_terms(*row)) : nullptr;
        }
    );
}

std::optional<Source::UnitPrices> PriceBook::unit_prices(
    const TenantId& tenant, const Question& asked, std::span<const ProductId> products
) const {
    auto lease = projections_.read_model("pricing").lease();
    if (!lease) return std::nullopt;
    Reader reader(std::move(*lease));
    UnitPrices prices;
    prices.position = reader.position();
    auto question = asked;
    if (question.customer_id && tags_)
        question.segments =
            tags_(tenant, *question.customer_id).value_or(std::vector<std::string>());
    prices.segments = question.segments;
    const auto selling = offered(reader, tenant, question.offer_id);
    if (!selling) return prices;
    const auto all = general(reader, tenant);
    Rules rules;
    rules.offer = &selling->offer;
    rules.lists = all->pointers;
    prices.offer_status = selling->offer.status;
    prices.currency = selling->offer.currency;
    prices.rounding = all->rounding.rounding;
    for (const auto& id : products) {
        auto& unit = prices.units.emplace_back();
        const auto known = product(reader, tenant, id);
        if (!known) continue;
        unit.sold = !known->archived;
        unit.clubify_product_id = known->clubify_product_id;
        unit.sku = known->sku;
        unit.name = known->name;
        OfferLine line;
        line.product_id = id;
        const auto chosen = choose_price(question, rules, line, known.get(), 1);
        if (!chosen) continue;
        unit.cents = chosen->unit_cents;
        const bool by_list = chosen->by == ChosenPrice::By::list;
        unit.rule = by_list ? "pricelist-" + chosen->list->name : "product-" + id.str();
        unit.revision = by_list ? chosen->list->revision : known->revision;
    }
    return prices;
}

std::optional<Source::Decided> PriceBook::decide(const TenantId& tenant, const Question& question)
    const {
    auto lease = projections_.read_model("pricing").lease();
    if (!lease) return std::nullopt;
    Reader reader(std::move(*lease));
    Decided decided{question, std::unexpected(std::vector<Fault>()), reader.position()};

    bool knows_customer = true;
    if (question.customer_id) {
        auto tags = tags_ ? tags_(tenant, *question.customer_id) : std::nullopt;
        knows_customer = tags.has_value();
        decided.question.segments = std::move(tags).value_or(std::vector<std::string>());
    }
    const auto selling = offered(reader, tenant, question.offer_id);
    const auto all = general(reader, tenant);
    auto taken = question.coupon ? coupon(reader, tenant, *question.coupon) : nullptr;
    if (taken && taken->max_uses_per_customer && question.customer_id) {
        auto of_customer = *taken;
        of_customer.held_by_customer = reader.held_by(tenant, taken->id, *question.customer_id);
        taken = std::make_shared<const CouponTerms>(std::move(of_customer));
    }
    const CouponTerms* const asked[] = {taken.get()};

    Rules rules;
    if (selling) {
        rules.offer = &selling->offer;
        rules.products = selling->pointers;
    }
    rules.lists = all->pointers;
    if (taken) rules.coupons = asked;
    rules.installments = &all->plan;
    rules.rounding = all->rounding;
    decided.decision = rules::prices::decide(decided.question, rules);
    if (!knows_customer) {
        auto faults = decided.decision ? std::vector<Fault>() : decided.decision.error();
        faults.push_back(
            {"/customer_id",
             "unknown_customer",
             {"there is no such customer", "este cliente não existe"}}
        );
        decided.decision = std::unexpected(std::move(faults));
    }
    return decided;
}

}  // namespace vitrine::queries
