#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "events/stock.hpp"
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
        if (*rc::gen::inRange(0, 5) == 0) return coupon_step(world, price);
        if (*rc::gen::inRange(0, 6) == 0) return pricing_step(world, product, price);
        if (*rc::gen::inRange(0, 4) == 0) return schedule_step(world);
        if (*rc::gen::inRange(0, 6) == 0) return endpoint_step(world, price);
        if (*rc::gen::inRange(0, 4) == 0) return customer_step(world, price);
        if (*rc::gen::inRange(0, 6) == 0) return stock_step(world, price);
        const auto id = *rc::gen::element<std::string>("o1", "o2", "o3");
        offer_step(world, id, product, price);
    }

private:
    struct World {
        std::set<std::string> products;
        std::map<std::string, bool> coupons;    // whether it is disabled
        std::set<std::string> locks;            // that are held, by coupon and reference
        std::set<std::string> price_lists;      // that are there
        std::map<std::string, bool> customers;  // whether they are erased
        bool has_endpoint = false;
        std::set<std::string> stocks;
        std::map<std::string, std::set<std::string>> offers;  // lines
        std::map<std::string, int> schedules;                 // how many effects are intended
    };

    void coupon_step(World& world, std::int64_t cents) {
        const auto id = *rc::gen::element<std::string>("a", "b-1");
        const auto [coupon, is_new] = world.coupons.try_emplace(id, false);
        if (is_new) {
            events::CouponCreated created;
            created.coupon_id = events::CouponId(id);
            created.code = id;
            created.discount = {"fixed", JsonText(std::to_string(cents))};
            if (cents > 2) created.max_uses = cents;
            log_.add(events::CouponEvent(created));
        } else if (!coupon->second && *rc::gen::inRange(0, 4) == 0) {
            coupon->second = true;
            log_.add(events::CouponEvent(events::CouponDisabled{events::CouponId(id), {}}));
        } else {
            use_step(world, id);
        }
    }

    /// A customer, what is told of them, and their end. Once it is there, what named them may be
    /// gone from all that went before.
    void customer_step(World& world, std::int64_t number) {
        const events::CustomerId id(*rc::gen::element<std::string>("k1", "k2"));
        const auto [customer, is_new] = world.customers.try_emplace(id.str(), false);
        const auto text = [&](std::string open) {
            return *rc::gen::inRange(0, 4) == 0 ? events::PersonText::erased()
                                                : events::PersonText(std::move(open));
        };
        if (is_new) {
            events::CustomerRegistered registered;
            registered.customer_id = id;
            registered.source = "vitrine";
            registered.email = text("ana" + std::to_string(number) + "@example.com");
            registered.name = text("Ana");
            registered.phone = text("+5511987654321");
            registered.address = events::Address{};
            registered.address->city = text("São Paulo");
            registered.metadata = text("{\"n\":" + std::to_string(number) + "}");
            log_.add(events::CustomerEvent(registered));
            return;
        }
        if (customer->second) return;
        const auto tag = std::string(1, static_cast<char>('a' + number % 3));
        switch (*rc::gen::inRange(0, 7)) {
            case 0: {
                events::CustomerChanged changed;
                changed.customer_id = id;
                changed.name = text("Bia");
                changed.phone = Edited<events::PersonText>::cleared();
                changed.tags = std::vector<std::string>{tag};
                changed.metadata = Edited<events::PersonText>::cleared();
                log_.add(events::CustomerEvent(changed));
                break;
            }
            case 1:
                log_.add(events::CustomerEvent(events::CustomerTagged{id, tag}));
                break;
            case 2:
                log_.add(events::CustomerEvent(events::CustomerUntagged{id, tag}));
                break;
            case 3:
                log_.add(events::CustomerEvent(events::ConsentGiven{id, "news", "1", tag}));
                break;
            case 4:
                log_.add(events::CustomerEvent(events::ConsentWithdrawn{id, "news", "2", tag}));
                break;
            case 5:
                log_.add(events::CustomerEvent(events::CustomersMerged{id, events::CustomerId("k9")}
                ));
                break;
            default:
                customer->second = true;
                log_.add(events::CustomerEvent(events::CustomerErased{id, text("r"), {}}));
        }
    }

    /// A use that is held is used or freed, at random; one that was used may be given back.
    void use_step(World& world, const std::string& coupon) {
        const events::CouponId id(coupon);
        const auto reference = "c" + std::to_string(*rc::gen::inRange(0, 3));
        const auto lock = coupon + '/' + reference, use = lock + "/used";
        if (world.locks.erase(use) != 0) {
            log_.add(events::CouponEvent(events::CouponRestored{id, reference, "k1"}));
        } else if (world.locks.erase(lock) == 0) {
            world.locks.insert(lock);
            log_.add(events::CouponEvent(events::CouponLocked{id, reference, "k1"}));
        } else if (*rc::gen::arbitrary<bool>()) {
            world.locks.insert(use);
            log_.add(events::CouponEvent(events::CouponRedeemed{id, reference, "k1"}));
        } else {
            log_.add(events::CouponEvent(events::CouponReleased{id, reference, "k1"}));
        }
    }

    /// Price lists that are set, set anew and deleted; what is said of instalments and rounding.
    void pricing_step(World& world, const std::string& product, std::int64_t cents) {
        if (*rc::gen::inRange(0, 3) == 0) {
            const auto max = *rc::gen::inRange(1, 13);
            log_.add(events::PricingEvent(events::InstallmentsSet{max, max, cents, cents}));
            if (cents % 2 == 0) log_.add(events::PricingEvent(events::RoundingSet{"half_even"}));
            return;
        }
        const auto name = *rc::gen::element<std::string>("sale", "vip");
        if (world.price_lists.contains(name) && *rc::gen::inRange(0, 3) == 0) {
            world.price_lists.erase(name);
            log_.add(events::PriceListEvent(events::PriceListDeleted{name, {}}));
            return;
        }
        world.price_lists.insert(name);
        events::PriceListSet set;
        set.name = name;
        set.currency = "BRL";
        set.priority = cents;
        if (cents > 2) set.segment = name;
        set.entries = {{ProductId(product), 1, cents}};
        log_.add(events::PriceListEvent(set));
    }

    /// Whatever may happen to the stock of a SKU, once it is set.
    void stock_step(World& world, std::int64_t quantity) {
        const auto sku = *rc::gen::element<std::string>("A", "b c");
        const events::ReservationId id(*rc::gen::element<std::string>("r1", "r2", "r3"));
        if (world.stocks.insert(sku).second)
            return log_.add(events::StockEvent(events::StockSet{sku, 10, 1, 0, "tracked"})), void();
        const auto until = log_.now + std::chrono::seconds(*rc::gen::inRange(1, 9));
        log_.add(*rc::gen::element<events::StockEvent>(
            events::StockSet{sku, quantity, 0, 2, "untracked"},
            events::StockAdjusted{sku, -1, quantity, "quebra"},
            events::StockReserved{sku, id, quantity, until},
            events::StockReservationExpired{sku, id, quantity},
            events::StockReleased{sku, id, quantity},
            events::StockAllocated{sku, id, quantity},
            events::StockDeallocated{sku, id, quantity},
            events::StockFulfilled{sku, id, quantity},
            events::StockShortfall{sku, id, quantity, 0}
        ));
    }

    /// A schedule, and what its process may note of it; an effect ends after it was intended.
    void schedule_step(World& world) {
        const OfferId offer(*rc::gen::element<std::string>("o1", "o2"));
        const std::string kind = "offer-schedule";
        const auto due = log_.now + std::chrono::seconds(*rc::gen::inRange(-5, 5));
        const auto [schedule, is_new] = world.schedules.try_emplace(offer.str(), 0);
        auto& intended = schedule->second;
        if (is_new || *rc::gen::inRange(0, 5) == 0) {
            log_.add(events::ScheduleEvent(events::OfferScheduled{offer, due, {}, {}}));
            return;
        }
        switch (*rc::gen::inRange(0, 11)) {
            case 0:
                log_.add(events::ScheduleEvent(events::OfferScheduleCancelled{offer, "fim"}));
                break;
            case 1:
                log_.add(offer, events::ProcessTimerSet{kind, "activate", due});
                break;
            case 2:
                log_.add(offer, events::ProcessTimerCancelled{kind, "activate"});
                break;
            case 3:
                log_.add(offer, events::ProcessTimerFired{kind, "activate", due});
                break;
            case 4: {
                const auto key = std::to_string(++intended);
                log_.add(
                    offer,
                    events::ProcessEffectIntended{
                        kind, "activate", key, "commands", "Activate", "Ativar"
                    }
                );
                break;
            }
            case 5: {
                if (intended == 0) break;
                events::ProcessEffectEnded ended;
                ended.kind = kind;
                ended.effect = "activate";
                ended.key = std::to_string(*rc::gen::inRange(1, intended + 1));
                ended.outcome = *rc::gen::element<std::string>("done", "refused");
                log_.add(offer, ended);
                break;
            }
            case 7: {
                if (intended == 0) break;
                events::ProcessEffectPutOff put_off;
                put_off.kind = kind;
                put_off.effect = "activate";
                put_off.key = std::to_string(*rc::gen::inRange(1, intended + 1));
                put_off.attempts = *rc::gen::inRange(1, 9);
                put_off.until = log_.now + std::chrono::minutes(5);
                put_off.unknown = *rc::gen::arbitrary<bool>();
                put_off.problem = "outcome-unknown";
                log_.add(offer, put_off);
                break;
            }
            case 8:
                log_.add(offer, events::ProcessAsked{kind, "PayCheckout", "c1"});
                break;
            case 9:
                log_.add(offer, events::ProcessAnswered{kind, "PayCheckout", "c1", 200, ""});
                break;
            case 6:
                log_.add(offer, events::ProcessSignalIgnored{kind, "fact:1", "late", "tarde"});
                break;
            default:
                log_.add(
                    offer,
                    events::ProcessWaiting{
                        kind,
                        "its time",
                        "a sua hora",
                        *rc::gen::element<std::string>("open", "waiting", "blocked", "done")
                    }
                );
        }
    }

    void endpoint_step(World& world, std::int64_t what) {
        const events::EndpointId id("e");
        if (!std::exchange(world.has_endpoint, true)) {
            events::EndpointCreated created;
            created.endpoint_id = id;
            created.url = "https://a.example/" + std::to_string(what);
            created.types = {"*"};
            if (what > 2) created.description = "d";
            log_.add(events::EndpointEvent(created));
        } else if (what == 0) {
            log_.add(events::EndpointEvent(events::EndpointDisabled{id, "por ora"}));
        } else if (what == 1) {
            log_.add(events::EndpointEvent(events::EndpointEnabled{id}));
        } else if (what == 2) {
            log_.add(events::EndpointEvent(events::EndpointSecretRotated{id, 2}));
        } else {
            events::EndpointChanged changed;
            changed.endpoint_id = id;
            changed.types = {"OfferCreated"};
            changed.description = Edited<std::string>::cleared();
            log_.add(events::EndpointEvent(changed));
        }
    }

    /// Whatever somebody who has all of an order may tell of it, as often as they like.
    void whole_order_step(std::int64_t amount) {
        events::OrderRecorded order;
        order.order_id = *rc::gen::element<std::string>("r1", "r2", "r3", "r4");
        order.told_by = *rc::gen::element<std::string>("adopt", "import", "checkout");
        order.status = *rc::gen::element<std::string>("completed", "cancelled", "pending");
        order.placed_at = log_.now - std::chrono::hours(*rc::gen::inRange(0, 48));
        if (order.status == "completed") order.settled_at = order.placed_at;
        order.currency = *rc::gen::element<std::string>("BRL", "GBP");
        order.shipping_cents = *rc::gen::inRange(0, 300);
        order.discount_cents = *rc::gen::inRange(0, 300);
        order.total_cents = order.shipping_cents - order.discount_cents;
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
            events::OrderLine line;
            line.product_id = *rc::gen::element<std::string>("p1", "remote-p1", "sku-1", "");
            line.quantity = *rc::gen::inRange(-2, 3);
            line.amount_cents = line.quantity * amount;
            if (*rc::gen::arbitrary<bool>())
                line.offer_id = *rc::gen::element<std::string>("remote-o1", "slug:o2", "slug:none");
            order.total_cents += line.amount_cents;
            order.lines.push_back(std::move(line));
        }
        if (*rc::gen::inRange(0, 4) == 0) order.total_cents += amount;  // they do not sum up
        if (*rc::gen::inRange(0, 4) == 0) order.refunded_cents = *rc::gen::inRange(0, 1000);
        if (*rc::gen::arbitrary<bool>()) order.offer_id = "slug:o1";
        if (*rc::gen::arbitrary<bool>()) order.customer_id = events::CustomerId("k1");
        if (*rc::gen::arbitrary<bool>()) order.clubify_customer_id = ClubifyId("c1");
        if (*rc::gen::arbitrary<bool>()) order.source = "news";
        log_.add(order);
    }

    /// Whatever the platform may tell of an order, in any order.
    void order_step(std::int64_t amount) {
        if (*rc::gen::inRange(0, 3) == 0) return whole_order_step(amount);
        events::ClubifyOrderEvent event;
        event.type = decltype(event.type)::named(*rc::gen::element<std::string>(
            "ClubifyOrderCreated",
            "ClubifyOrderPaid",
            "ClubifyOrderCompleted",
            "ClubifyOrderCancelled",
            "ClubifyOrderRefunded",
            "ClubifyPaymentPaid",
            "ClubifyPaymentRefunded"
        ));
        event.order_id = *rc::gen::element<std::string>("r1", "r2", "r3");
        if (event.type.text().starts_with("ClubifyPayment"))
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
        if (*rc::gen::arbitrary<bool>()) event.lines = {{"p1", {}, {}, "Café", 1, amount, ""}};
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
            failure.subject = {"offer", offer.str()};
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
