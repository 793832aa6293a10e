// make_log DIR --offers N --customers N --tenant T: a log for measurements, written through the
// store. Each offer has 10 events (created, 4 edits, 3 prices, 2 statuses) of about 350 bytes,
// interleaved over the offers, so that an offer's events lie as far apart as they can. Customers
// have one event each, open as events of before 2026-11-30 are.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <string>

#include "bench/new_event.hpp"
#include "events/customers.hpp"
#include "store/append.hpp"
#include "store/data_directory.hpp"
#include "store/open_store.hpp"

namespace {

using namespace vitrine;
using namespace vitrine::events;

constexpr std::size_t offers_per_append = 500;
constexpr int rounds = 10;
constexpr std::size_t payload_size = 350;

struct OfferIds {
    OfferId offer;
    ProductId product;
    std::string number;
};

std::string filler(std::size_t size) {
    static const std::string words =
        "A course for people who sell online, with lessons, templates and a community. ";
    std::string text;
    while (text.size() < size) text += words;
    text.resize(size);
    return text;
}

OfferProduct line(const OfferIds& ids, std::int64_t price) {
    OfferProduct product;
    product.product_id = ids.product;
    product.clubify_product_id = ClubifyId("prod_" + ids.number);
    product.price_cents = price;
    product.discount = Discount{"percentage", JsonText("10")};
    product.rules = JsonText(R"({"audience":"new customers","note":")" + filler(110) + "\"}");
    return product;
}

OfferEvent event_of(const OfferIds& ids, int round) {
    switch (round) {
        case 0: {
            OfferCreated created;
            created.offer_id = ids.offer;
            created.clubify_offer_id = ClubifyId("offer_" + ids.number);
            created.name = "Offer " + ids.number;
            created.slug = "offer-" + ids.number;
            created.type = "single";
            created.currency = "BRL";
            created.products = {line(ids, 9900)};
            return created;
        }
        case 1: {
            OfferActivated activated;
            activated.offer_id = ids.offer;
            activated.reason = filler(payload_size - 62);
            return activated;
        }
        case 9: {
            OfferPaused paused;
            paused.offer_id = ids.offer;
            paused.reason = filler(payload_size - 62);
            return paused;
        }
        case 3:
        case 5:
        case 7: {
            ProductInOfferChanged changed;
            changed.offer_id = ids.offer;
            changed.product = line(ids, 9900 + round * 100);
            return changed;
        }
        default: {
            OfferEdited edited;
            edited.offer_id = ids.offer;
            edited.name = "Offer " + ids.number + " edition " + std::to_string(round);
            edited.description = filler(150);
            edited.metadata = JsonText(R"({"edition":)" + std::to_string(round) + "}");
            edited.configuration.seo = JsonText(R"({"title":")" + filler(50) + "\"}");
            return edited;
        }
    }
}

/// "u0@example.com", …, in an order that is not that of their addresses.
int append_customers(
    store::EventStore& store, const std::string& tenant, std::size_t count, const UuidSource& uuid
) {
    constexpr std::size_t customers_per_append = 1'000;
    constexpr std::size_t stride = 7'919;  // a prime
    for (std::size_t first = 0; first < count; first += customers_per_append) {
        store::Append batch;
        batch.tenant = TenantId(tenant);
        for (auto i = first; i < std::min(count, first + customers_per_append); ++i) {
            const auto number = std::to_string(i * stride % count);
            CustomerRegistered registered;
            registered.customer_id = CustomerId(uuid());
            registered.clubify_customer_id = ClubifyId("customer_" + number);
            registered.source = "vitrine";
            registered.email = PersonText("u" + number + "@example.com");
            registered.name = PersonText("Ana Lima " + number);
            registered.phone = PersonText("+5511987654321");
            registered.tags = {"vip"};
            store::StreamAppend stream;
            stream.stream = StreamName("customer-" + registered.customer_id.str());
            stream.expected = store::ExpectedVersion::no_stream();
            stream.events.push_back(bench::new_event(registered, uuid));
            batch.streams.push_back(std::move(stream));
        }
        if (const auto done = store::append_and_wait(store, std::move(batch)); !done) {
            std::fprintf(stderr, "append refused: %s\n", done.error().detail.c_str());
            return 1;
        }
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::string directory;
    std::size_t offers = 100'000;
    std::size_t customers = 0;
    std::string tenant = "bench";
    CLI::App app("Writes a log for measurements.");
    app.add_option("directory", directory)->required();
    app.add_option("--offers", offers);
    app.add_option("--customers", customers);
    app.add_option("--tenant", tenant);
    CLI11_PARSE(app, argc, argv);

    const auto lock = store::DataLock::try_take(directory);
    if (!lock) {
        std::fprintf(stderr, "%s is in use\n", directory.c_str());
        return 1;
    }
    const auto store = store::open_store(store::url_of(directory));
    const auto uuid = uuid_v7_source(system_clock());
    if (append_customers(*store, tenant, customers, uuid) != 0) return 1;
    std::vector<OfferIds> all;
    for (std::size_t i = 0; i < offers; ++i) {
        OfferIds ids;
        ids.offer = OfferId(uuid());
        ids.product = ProductId(uuid());
        ids.number = std::to_string(1'000'000 + i);
        all.push_back(std::move(ids));
    }

    const auto begin = std::chrono::steady_clock::now();
    std::size_t events = 0;
    std::size_t bytes = 0;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t first = 0; first < all.size(); first += offers_per_append) {
            store::Append batch;
            batch.tenant = TenantId(tenant);
            const auto end = std::min(all.size(), first + offers_per_append);
            for (auto i = first; i < end; ++i) {
                auto event = bench::new_event(event_of(all[i], round), uuid);
                bytes += event.data.size();
                ++events;
                store::StreamAppend stream;
                stream.stream = stream_of(all[i].offer);
                stream.expected = store::ExpectedVersion::exact(static_cast<Version>(round));
                stream.events.push_back(std::move(event));
                batch.streams.push_back(std::move(stream));
            }
            if (const auto done = store::append_and_wait(*store, std::move(batch)); !done) {
                std::fprintf(stderr, "append refused: %s\n", done.error().detail.c_str());
                return 1;
            }
        }
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::printf(
        "%zu events of %zu bytes on average in %.1f s, %.0f a second\n",
        events,
        events == 0 ? 0 : bytes / events,
        taken.count(),
        static_cast<double>(events) / taken.count()
    );
}
