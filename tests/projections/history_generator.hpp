#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "tests/projections/support.hpp"

namespace vitrine::tests {

/// Turns random numbers into a history that could have happened: two tenants with the same ids,
/// three offers and two products each, some failures.
class HistoryGenerator {
public:
    explicit HistoryGenerator(Log& log) : log_(log) {}

    void step() {
        const auto tenant = *rc::gen::element<std::string>("acme", "other");
        log_.as(tenant);
        auto& world = tenant == "acme" ? acme_ : other_;
        const auto product = *rc::gen::element<std::string>("x", "y");
        const auto price = *rc::gen::inRange<std::int64_t>(0, 5);
        if (*rc::gen::inRange(0, 4) == 0) {
            if (world.products.insert(product).second) {
                log_.add(product_created(product, price));
            } else if (*rc::gen::arbitrary<bool>()) {
                log_.add(events::ProductPriceChanged{ProductId(product), price, "BRL"});
            } else {
                events::ProductEdited edited;
                edited.product_id = ProductId(product);
                edited.description = "d" + std::to_string(price);
                if (*rc::gen::arbitrary<bool>()) edited.name = "Nome " + std::to_string(price);
                log_.add(edited);
            }
            return;
        }
        if (*rc::gen::inRange(0, 5) == 0) return order_step(price);
        const auto id = *rc::gen::element<std::string>("o1", "o2", "o3");
        offer_step(world, id, product, price);
    }

private:
    struct World {
        std::set<std::string> products;
        std::map<std::string, std::set<std::string>> offers;  // lines
    };

    /// Whatever the platform may tell of an order, in any order.
    void order_step(std::int64_t amount) {
        events::ClubifyOrderEvent event;
        event.type = *rc::gen::element<std::string>(
            "ClubifyOrderCreated",
            "ClubifyOrderPaid",
            "ClubifyOrderCompleted",
            "ClubifyOrderCancelled",
            "ClubifyOrderRefunded",
            "ClubifyPaymentPaid",
            "ClubifyPaymentRefunded"
        );
        event.order_id = *rc::gen::element<std::string>("r1", "r2", "r3");
        if (event.type.starts_with("ClubifyPayment"))
            event.payment_id = *rc::gen::element<std::string>("p1", "p2");
        event.delivery_id = *rc::gen::element<std::string>("evt_1", "evt_2", "told-1", "");
        if (*rc::gen::arbitrary<bool>()) event.refunded_total_cents = amount + 1;
        if (*rc::gen::arbitrary<bool>()) event.refund_id = "f" + std::to_string(amount);
        if (*rc::gen::arbitrary<bool>())
            event.changed_at = "2026-01-01 \tT" + std::to_string(amount);
        if (*rc::gen::arbitrary<bool>()) event.amount_cents = amount;
        if (*rc::gen::arbitrary<bool>()) event.clubify_offer_id = ClubifyId("remote-o1");
        if (*rc::gen::arbitrary<bool>()) event.source = "google";
        if (*rc::gen::arbitrary<bool>()) event.currency = "BRL";
        event.sent_at = log_.now - std::chrono::hours(*rc::gen::inRange(0, 48));
        log_.add(event);
    }

    void offer_step(
        World& world, const std::string& id, const std::string& product, std::int64_t price
    ) {
        const OfferId offer(id);
        auto of_line = line("remote-" + product, std::nullopt, product);
        if (*rc::gen::arbitrary<bool>()) of_line.price_cents = price;
        if (*rc::gen::inRange(0, 4) == 0)
            of_line.product_id.reset();  // as only the platform knows it
        if (*rc::gen::inRange(0, 3) == 0)
            of_line.discount = events::Discount{"fixed", JsonText("1")};
        of_line.quantity = *rc::gen::inRange<std::int64_t>(1, 3);
        if (*rc::gen::inRange(0, 6) == 0) {
            events::CommandFailed failure;
            failure.type = "OfferEditFailed";
            failure.offer_id = offer;
            failure.failure_class = "refused";
            failure.reason = "\"no\"";
            log_.add(failure);
            return;
        }
        const auto [found, fresh] = world.offers.try_emplace(id);
        auto& lines = found->second;
        if (fresh) {
            log_.add(offer_created(id, "Oferta " + std::to_string(price), {of_line}));
            lines.insert(product);
            return;
        }
        switch (*rc::gen::inRange(0, 5)) {
            case 0: {
                events::OfferEdited edited;
                edited.offer_id = offer;
                edited.name = "Ção " + std::to_string(price);
                edited.configuration.seo = JsonText("{\"n\":" + std::to_string(price) + "}");
                log_.add(edited);
                return;
            }
            case 1:
                log_.add(events::OfferActivated{offer, std::nullopt});
                return;
            case 2:
                log_.add(events::OfferPaused{offer, std::nullopt});
                return;
            default:
                break;
        }
        if (!lines.contains(product)) {
            lines.insert(product);
            log_.add(events::ProductAddedToOffer{offer, of_line});
        } else if (*rc::gen::arbitrary<bool>()) {
            log_.add(events::ProductInOfferChanged{offer, of_line});
        } else {
            lines.erase(product);
            log_.add(events::ProductRemovedFromOffer{
                offer, ProductId(product), of_line.clubify_product_id
            });
        }
    }

    Log& log_;
    World acme_, other_;
};

}  // namespace vitrine::tests
