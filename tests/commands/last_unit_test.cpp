// Many who want the last unit, on many buses over one log: one has it.
#include <cstdlib>
#include <iostream>
#include <vector>

#include "tests/commands/shop.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using namespace vitrine::commands::spec;

TEST_CASE("of 64 threads on 8 buses that want the last unit one has it", "[stock][race][proof]") {
    const char* asked = std::getenv("VITRINE_STOCK_TRIES");
    const int tries = asked != nullptr ? std::atoi(asked) : 4'000;
    constexpr int threads = 64, buses = 8;
    const TenantId acme("acme");
    store::testing::SqliteEngine engine;
    std::vector<std::unique_ptr<ShopNode>> nodes;
    for (int i = 0; i < buses; ++i)
        nodes.push_back(std::make_unique<ShopNode>(engine.store(), engine.clock.clock(), i));
    REQUIRE(nodes[0]->handle(stock_request("SetStock", "LAST", R"({"on_hand":1})")).status == 200);

    std::atomic<int> next = 0, winners = 0, refused = 0, others = 0;
    std::atomic<int> winner_by = -1;
    std::vector<std::thread> buyers;
    for (int thread = 0; thread < threads; ++thread) {
        buyers.emplace_back([&, thread] {
            auto& node = *nodes[static_cast<std::size_t>(thread % buses)];
            for (int i = next++; i < tries; i = next++) {
                const auto reply =
                    node.handle(reserve_request("cart-" + std::to_string(i), item("LAST", 1)));
                if (reply.status == 201) {
                    ++winners;
                    winner_by = i;
                } else if (reply.status == 409 && reply.body.contains("out-of-stock")) {
                    ++refused;
                } else {
                    ++others;
                }
            }
        });
    }
    for (auto& buyer : buyers) buyer.join();
    CHECK(winners == 1);
    CHECK(refused == tries - 1);
    CHECK(others == 0);
    CHECK(first_oversold(engine.store(), acme, "LAST") == 0);
    CHECK(engine.store().stream_version(acme, stock_stream("LAST")) == 2);
    std::cout << "proof: 64 threads on 8 buses over one log want the last unit: " << tries
              << " tries, " << winners << " winner, in no state oversold\n";
    // The winner asks again and has it still; on another bus, too.
    const auto again = nodes[1]->handle(
        reserve_request("cart-" + std::to_string(winner_by.load()), item("LAST", 1))
    );
    CHECK(again.status == 201);
}

TEST_CASE(
    "reservations, releases and confirmations of many never oversell", "[stock][race][proof]"
) {
    constexpr int threads = 16, buses = 8, rounds = 40;
    const TenantId acme("acme");
    store::testing::SqliteEngine engine;
    std::vector<std::unique_ptr<ShopNode>> nodes;
    for (int i = 0; i < buses; ++i)
        nodes.push_back(std::make_unique<ShopNode>(engine.store(), engine.clock.clock(), i));
    for (const auto* sku : {"A", "B", "C"})
        nodes[0]->handle(stock_request("SetStock", sku, R"({"on_hand":5,"backorder_limit":1})"));

    std::atomic<int> strange = 0;
    std::vector<std::thread> buyers;
    for (int thread = 0; thread < threads; ++thread) {
        buyers.emplace_back([&, thread] {
            auto& node = *nodes[static_cast<std::size_t>(thread % buses)];
            for (int i = 0; i < rounds; ++i) {
                const auto reference = std::to_string(thread) + "-" + std::to_string(i);
                const auto* items = i % 2 == 0
                                        ? R"([{"sku":"A","quantity":1},{"sku":"B","quantity":2}])"
                                        : R"([{"sku":"B","quantity":1},{"sku":"C","quantity":3}])";
                const auto made =
                    node.handle(reserve_request(reference, items, i % 3 == 0 ? 1 : 60));
                if (made.status != 201 && made.status != 409) ++strange;
                engine.clock.advance(std::chrono::milliseconds(20));
                if (made.status != 201) continue;
                const auto id = uuid_of_text("reservation " + reference);
                auto& elsewhere = *nodes[static_cast<std::size_t>((thread + i) % buses)];
                const auto* name = i % 4 == 0 ? "ReleaseReservation" : "ConfirmReservation";
                const auto next = elsewhere.handle(stock_request(name, id, "{}"));
                if (next.status != 200 && next.status != 410) ++strange;
                if (next.status == 200 && i % 4 == 1)
                    elsewhere.handle(stock_request("FulfilReservation", id, "{}"));
                if (next.status == 200 && i % 4 == 2)
                    elsewhere.handle(stock_request("ReleaseReservation", id, "{}"));
                if (i % 8 == 7)
                    node.handle(stock_request(
                        "AdjustStock",
                        "ABC"[i % 3] == 'A' ? "A" : "B",
                        R"({"delta":1,"reason":"in"})"
                    ));
            }
        });
    }
    for (auto& buyer : buyers) buyer.join();
    CHECK(strange == 0);
    for (const auto* sku : {"A", "B", "C"}) CHECK(first_oversold(engine.store(), acme, sku) == 0);
}
