#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "rules/prices/quote.hpp"

namespace vitrine::rules::prices::tests {

inline Timestamp at_hour(int hour) {
    return *parse_time("2026-12-01T00:00:00Z") + std::chrono::hours(hour);
}

/// One offer and all rules that there are, as values; `rules()` points into it.
struct Shop {
    OfferTerms offer{OfferId("o"), 3, "active", "BRL", {}};
    std::deque<ProductTerms> products;
    std::deque<PriceList> lists;
    std::deque<CouponTerms> coupons;
    InstallmentTerms installments;
    RoundingTerms rounding;
    Question question;

    Shop() {
        question.offer_id = offer.offer_id;
        question.at = at_hour(12);
    }

    /// A product that the offer sells; its line, to be changed.
    OfferLine& sell(const std::string& id, std::int64_t price, std::int64_t quantity = 1) {
        products.push_back({ProductId(id), 1, id, "SKU-" + id, price, offer.currency, false});
        offer.lines.push_back({ProductId(id), ClubifyId("c-" + id), quantity, true, {}, {}});
        return offer.lines.back();
    }

    PriceList& list(const std::string& name, std::vector<PriceEntry> entries) {
        PriceList made;
        made.name = name;
        made.revision = 1;
        made.currency = offer.currency;
        made.entries = std::move(entries);
        lists.push_back(std::move(made));
        return lists.back();
    }

    CouponTerms& coupon(const std::string& type, const std::string& value) {
        CouponTerms made;
        made.id = "c" + std::to_string(coupons.size());
        made.code = made.id;
        made.discount = {type, JsonText(value)};
        question.coupon = made.code;
        coupons.push_back(std::move(made));
        return coupons.back();
    }

    Decision decide() {
        point();
        return decide_again();
    }

    /// As it was pointed at last.
    Decision decide_again() const { return prices::decide(question, rules_); }

private:
    void point() {
        product_pointers_.clear();
        list_pointers_.clear();
        coupon_pointers_.clear();
        for (const auto& each : products) product_pointers_.push_back(&each);
        for (const auto& each : lists) list_pointers_.push_back(&each);
        for (const auto& each : coupons) coupon_pointers_.push_back(&each);
        plan_ = InstallmentPlan(installments);
        rules_.offer = &offer;
        rules_.products = product_pointers_;
        rules_.lists = list_pointers_;
        rules_.coupons = coupon_pointers_;
        rules_.installments = &plan_;
        rules_.rounding = rounding;
    }

    std::vector<const ProductTerms*> product_pointers_;
    std::vector<const PriceList*> list_pointers_;
    std::vector<const CouponTerms*> coupon_pointers_;
    InstallmentPlan plan_;
    Rules rules_;
};

}  // namespace vitrine::rules::prices::tests
