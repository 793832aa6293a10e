#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "events/checkouts.hpp"
#include "events/codec.hpp"
#include "events/coupons.hpp"
#include "events/customers.hpp"
#include "events/endpoints.hpp"
#include "events/failures.hpp"
#include "events/offers.hpp"
#include "events/orders.hpp"
#include "events/pricing.hpp"
#include "events/processes.hpp"
#include "events/products.hpp"
#include "events/schedules.hpp"
#include "events/stock.hpp"
#include "projections/applier.hpp"
#include "projections/offers/reader.hpp"
#include "projections/projector.hpp"
#include "projections/read_model.hpp"
#include "projections/rebuild.hpp"
#include "store/memory/memory_event_store.hpp"

namespace vitrine::tests {

/// A fresh folder, removed in the end.
class TemporaryFolder {
public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "vitrine-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A log to be filled with facts, one second apart.
class Log : public store::MemoryEventStore {
public:
    explicit Log(std::string tenant = "acme")
        : MemoryEventStore([this] { return now; }), tenant_(std::move(tenant)) {}

    Timestamp now{std::chrono::microseconds(1'300'000'000'000'000)};  // recorded_at of what follows
    using MemoryEventStore::replace_data;

    /// What follows is this tenant's.
    void as(std::string tenant) { tenant_ = TenantId(std::move(tenant)); }
    const TenantId& tenant() const { return tenant_; }

    Position add(const events::OfferEvent& event) {
        const auto id = std::visit([](const auto& e) { return e.offer_id; }, event);
        return add_encoded(events::stream_of(id), events::encode(event));
    }
    Position add(const events::ProductEvent& event) {
        const auto id = std::visit([](const auto& e) { return e.product_id; }, event);
        return add_encoded(events::stream_of(id), events::encode(event));
    }
    Position add(const events::CouponEvent& event) {
        const auto id = std::visit([](const auto& e) { return e.coupon_id; }, event);
        return add_encoded(StreamName("coupon-" + id.str()), events::encode(event));
    }
    Position add(const events::CustomerEvent& event) {
        const auto id = std::visit([](const auto& e) { return e.customer_id; }, event);
        return add_encoded(StreamName("customer-" + id.str()), events::encode(event));
    }
    Position add(const events::PriceListEvent& event) {
        const auto name = std::visit([](const auto& e) { return e.name; }, event);
        return add_encoded(StreamName("pricelist-" + name), events::encode(event));
    }
    Position add(const events::PricingEvent& event) {
        const bool is_rounding = std::holds_alternative<events::RoundingSet>(event);
        const auto* const stream = is_rounding ? "pricing-rounding" : "pricing-installments";
        return add_encoded(StreamName(stream), events::encode(event));
    }
    Position add(const events::StockEvent& event) {
        const auto sku = std::visit([](const auto& e) { return e.sku; }, event);
        return add_encoded(StreamName("stock-" + sku), events::encode(event));
    }
    Position add(const events::ScheduleEvent& event) {
        const auto id = std::visit([](const auto& e) { return e.offer_id; }, event);
        return add_encoded(StreamName("schedule-" + id.str()), events::encode(event));
    }
    Position add(const events::CheckoutEvent& event) {
        const auto id = std::visit([](const auto& e) { return e.checkout_id; }, event);
        return add_encoded(StreamName("sale-" + id.str()), events::encode(event));
    }
    /// What the process of that schedule noted.
    Position add(const OfferId& schedule, const events::ProcessEvent& event) {
        return add_encoded(StreamName("schedule-" + schedule.str()), events::encode(event));
    }
    Position add(const events::EndpointEvent& event) {
        const auto id = std::visit([](const auto& e) { return e.endpoint_id; }, event);
        return add_encoded(StreamName("endpoint-" + id.str()), events::encode(event));
    }
    Position add(const events::CommandFailed& event) {
        const CommandId command("c" + std::to_string(head() + 1));
        return add_encoded(events::stream_of(command), events::encode(event));
    }
    Position add(const events::ClubifyOrderEvent& event) {
        const auto stream =
            event.payment_id ? "payment-" + *event.payment_id : "order-" + *event.order_id;
        return add_encoded(StreamName(stream), events::encode(event));
    }
    Position add(const events::OrderRecorded& event) {
        return add_encoded(StreamName("order-" + event.order_id), events::encode(event));
    }
    Position add_encoded(StreamName stream, events::Encoded encoded) {
        now += std::chrono::seconds(1);
        store::NewEvent event;
        event.id = EventId("event-" + std::to_string(head() + 1));
        event.type = std::move(encoded.type);
        event.schema = encoded.schema;
        event.data = std::move(encoded.data);
        event.metadata = R"({"correlation_id":"corr","command_id":"cmd","actor":"key:test"})";
        event.occurred_at = now;
        store::Append change;
        change.tenant = tenant_;
        change.streams.push_back({std::move(stream), store::ExpectedVersion::any(), {event}});
        Position position = 0;
        append(std::move(change), [&](store::AppendResult done) { position = done->last; });
        return position;
    }

private:
    TenantId tenant_;
};

inline events::OfferProduct line(
    const std::string& clubify_id,
    std::optional<std::int64_t> price = std::nullopt,
    const std::string& product_id = {}
) {
    events::OfferProduct product;
    product.clubify_product_id = ClubifyId(clubify_id);
    product.price_cents = price;
    if (!product_id.empty()) product.product_id = ProductId(product_id);
    return product;
}

inline events::OfferCreated offer_created(
    const std::string& id, const std::string& name, std::vector<events::OfferProduct> products = {}
) {
    events::OfferCreated event;
    event.offer_id = OfferId(id);
    event.clubify_offer_id = ClubifyId("remote-" + id);
    event.name = name;
    event.slug = "slug-" + id;
    event.type = "single";
    event.currency = "BRL";
    event.products = std::move(products);
    return event;
}

inline events::ProductCreated product_created(const std::string& id, std::int64_t price) {
    events::ProductCreated event;
    event.product_id = ProductId(id);
    event.clubify_product_id = ClubifyId("remote-" + id);
    event.name = "Product " + id;
    event.type = "digital";
    event.price_cents = price;
    event.currency = "BRL";
    return event;
}

/// A read-model file filled from a log by the live way.
class ModelFile {
public:
    explicit ModelFile(const std::string& projection)
        : projection_(*projections::find_projection(projection)),
          file_(folder_.path() / "model.db") {
        projections::create_model_file(file_, projection_);
    }

    void follow(store::EventStore& store) { follow(store, store.head()); }
    void follow(store::EventStore& store, Position upto) {
        projections::Applier applier(store, file_, projection_, std::size_t{1} << 20);
        projections::catch_up(applier, store, upto, true);
    }

    projections::Lease lease() const {
        return projections::Lease(
            std::make_shared<projections::Generation>(file_, 1), model_, model_.position()
        );
    }

    const std::filesystem::path& file() const { return file_; }
    const projections::Projection& projection() const { return projection_; }

private:
    TemporaryFolder folder_;
    projections::Projection projection_;
    std::filesystem::path file_;
    projections::ReadModel model_;
};

/// Of the data directory `folder`; what served before has been removed when it returns.
inline projections::RebuildReport rebuild_stopped(
    store::EventStore& store,
    const std::filesystem::path& folder,
    const projections::Projection& projection,
    const projections::RebuildOptions& options
) {
    projections::ModelFiles files(folder);
    return projections::rebuild_stopped(store, files, projection, options);
}

}  // namespace vitrine::tests
