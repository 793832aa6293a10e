// Stock and reservations against a plain model of them, over random commands and times.
#include <rapidcheck.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "commands/stock/reservation.hpp"
#include "tests/commands/shop.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using namespace vitrine::commands::spec;

namespace {

int below(int limit) {
    return *rc::gen::inRange(0, limit);
}

/// Everything is looked up anew for each question, in what was ever asked for.
class Model {
public:
    using Items = std::map<std::string, std::int64_t>;

    int set(const std::string& sku, std::int64_t on_hand, std::int64_t backorder, bool tracked) {
        if (tracked && on_hand + backorder < in_use(sku)) return 409;
        auto& stock = stocks_[sku];
        stock = {on_hand, backorder, tracked};
        return 200;
    }
    int adjust(const std::string& sku, std::int64_t delta) {
        const auto found = stocks_.find(sku);
        if (found == stocks_.end()) return 404;
        auto& stock = found->second;
        if (delta < 0 && stock.on_hand + delta < 0) return 422;
        if (delta < 0 && stock.tracked && stock.on_hand + delta + stock.backorder < in_use(sku))
            return 409;
        stock.on_hand += delta;
        return 200;
    }
    int reserve(const std::string& reference, const Items& items, int ttl) {
        auto& made = made_[reference];
        const bool done = made.status == "confirmed" || made.status == "fulfilled";
        if (made.items == items && (done || is_live(made))) return 201;
        if (done) return 409;
        for (const auto& [sku, quantity] : items) {
            if (is_tracked(sku) && quantity > free(sku, reference)) return 409;
        }
        made = {"reserved", items, {}, now + ttl};
        for (const auto& [sku, quantity] : items) made.tracked[sku] = is_tracked(sku);
        return 201;
    }
    int confirm(const std::string& reference) {
        auto& made = made_[reference];
        if (made.status.empty()) return 404;
        if (made.status == "confirmed") return 200;
        if (made.status != "reserved") return 409;
        for (const auto& [sku, quantity] : made.items) {
            const bool fits = is_live(made) || !made.tracked[sku] || !is_tracked(sku) ||
                              quantity <= free(sku, reference);
            if (!fits) return 410;
        }
        made.status = "confirmed";
        return 200;
    }
    int release(const std::string& reference) {
        auto& made = made_[reference];
        if (made.status.empty()) return 404;
        if (made.status == "fulfilled") return 409;
        made.status = "released";
        return 200;
    }
    int fulfil(const std::string& reference) {
        auto& made = made_[reference];
        if (made.status.empty()) return 404;
        if (made.status == "fulfilled") return 200;
        if (made.status != "confirmed") return 409;
        made.status = "fulfilled";
        for (const auto& [sku, quantity] : made.items) {
            if (made.tracked[sku]) stocks_[sku].on_hand -= quantity;
        }
        return 200;
    }

    std::int64_t on_hand(const std::string& sku) const { return stock_of(sku).on_hand; }
    std::int64_t allocated(const std::string& sku) {
        return sum(sku, [](const Made& made) { return made.status == "confirmed"; });
    }
    std::int64_t reserved(const std::string& sku) {
        return sum(sku, [this](const Made& made) { return is_live(made); });
    }

    std::int64_t now = 0;  // seconds

private:
    struct Stock {
        std::int64_t on_hand = 0, backorder = 0;
        bool tracked = false;
    };
    struct Made {
        std::string status;
        Items items;
        std::map<std::string, bool> tracked;
        std::int64_t expires_at = 0;
    };

    bool is_live(const Made& made) const {
        return made.status == "reserved" && made.expires_at > now;
    }
    Stock stock_of(const std::string& sku) const {
        const auto found = stocks_.find(sku);
        return found == stocks_.end() ? Stock() : found->second;
    }
    bool is_tracked(const std::string& sku) const { return stock_of(sku).tracked; }
    std::int64_t in_use(const std::string& sku) { return allocated(sku) + reserved(sku); }
    std::int64_t free(const std::string& sku, const std::string& but) {
        auto free = stock_of(sku).on_hand + stock_of(sku).backorder - in_use(sku);
        const auto& own = made_[but];
        const auto found = own.items.find(sku);
        if (is_live(own) && found != own.items.end() && own.tracked.at(sku)) free += found->second;
        return free;
    }
    template <class Which>
    std::int64_t sum(const std::string& sku, Which which) {
        std::int64_t sum = 0;
        for (auto& [reference, made] : made_) {
            const auto found = made.items.find(sku);
            if (found != made.items.end() && made.tracked[sku] && which(made)) sum += found->second;
        }
        return sum;
    }

    std::map<std::string, Stock> stocks_;
    std::map<std::string, Made> made_;
};

class Compared {
public:
    void step() {
        const auto sku = skus[static_cast<std::size_t>(below(3))];
        const auto reference = "r" + std::to_string(below(5));
        switch (below(8)) {
            case 0:
                return set(sku);
            case 1:
                return adjust(sku, below(9) - 4);
            case 2:
                pass(below(30));
                return;
            case 3:
            case 4:
                return reserve(reference);
            case 5:
                return same("ConfirmReservation", reference, model_.confirm(reference));
            case 6:
                return same("ReleaseReservation", reference, model_.release(reference));
            default:
                return same("FulfilReservation", reference, model_.fulfil(reference));
        }
    }
    void look() {
        for (const auto& sku : skus) {
            States states(engine_.store(), acme_);
            const auto& state = states.of<events::StockEvent>(stock_stream(sku));
            RC_ASSERT(state.on_hand == model_.on_hand(sku));
            RC_ASSERT(state.allocated == model_.allocated(sku));
            RC_ASSERT(state.reserved(engine_.clock.now()) == model_.reserved(sku));
        }
    }

private:
    static inline const std::vector<std::string> skus{"A", "B", "C"};

    void pass(int seconds) {
        engine_.clock.advance(std::chrono::seconds(seconds));
        model_.now += seconds;
    }
    void set(const std::string& sku) {
        const auto on_hand = below(8), backorder = below(3);
        const bool tracked = below(6) != 0;
        const auto body = R"({"on_hand":)" + std::to_string(on_hand) + R"(,"backorder_limit":)" +
                          std::to_string(backorder) + R"(,"policy":")" +
                          (tracked ? "tracked" : "untracked") + "\"}";
        const auto wanted = model_.set(sku, on_hand, backorder, tracked);
        RC_ASSERT(node_.handle(stock_request("SetStock", sku, body)).status == wanted);
    }
    void adjust(const std::string& sku, int delta) {
        if (delta == 0) return;
        const auto wanted = model_.adjust(sku, delta);
        const auto body = R"({"reason":"x","delta":)" + std::to_string(delta) + "}";
        RC_ASSERT(node_.handle(stock_request("AdjustStock", sku, body)).status == wanted);
    }
    void reserve(const std::string& reference) {
        Model::Items items;
        for (auto count = 1 + below(2); count > 0; --count)
            items[skus[static_cast<std::size_t>(below(3))]] = 1 + below(4);
        const auto ttl = 1 + below(40);
        std::string body = "[";
        for (const auto& [sku, quantity] : items) {
            body += body == "[" ? "" : ",";
            body += R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + "}";
        }
        const auto wanted = model_.reserve(reference, items, ttl);
        RC_ASSERT(node_.handle(reserve_request(reference, body + "]", ttl)).status == wanted);
    }
    void same(const std::string& name, const std::string& reference, int wanted) {
        const auto id = reservation_id_of(reference).str();
        RC_ASSERT(node_.handle(stock_request(name, id, "{}")).status == wanted);
    }

    TenantId acme_{"acme"};
    store::testing::MemoryEngine engine_;
    ShopNode node_{engine_.store(), engine_.clock.clock(), 0};
    Model model_;
};

}  // namespace

TEST_CASE("stock is what a plain model of it is", "[stock][model][proof]") {
    int histories = 0, steps = 0;
    const bool is_so = rc::check([&] {
        Compared compared;
        ++histories;
        for (int left = 10 + below(60); left > 0; --left) {
            ++steps;
            compared.step();
            compared.look();
        }
    });
    CHECK(is_so);
    if (!is_so) return;
    std::cout << "proof: stock against a plain model: " << histories << " histories, " << steps
              << " commands, no difference\n";
}
