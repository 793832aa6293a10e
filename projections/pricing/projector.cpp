#include <algorithm>
#include <numeric>

#include "projections/every_projection.hpp"
#include "projections/pricing/coupon_holders.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

/// What it is made of, each with its own tables: other read models, and one part of its own. What
/// they are is theirs.
constexpr Projection (*parts[])() = {
    offers_projection,
    products_projection,
    coupons_projection,
    price_lists_projection,
    price_settings_projection,
    coupon_holders_part,
};

class Pricing : public Projector {
public:
    Pricing(SQLite::Database& database, Tables tables) {
        for (const auto& make : parts) {
            const auto part = make();
            parts_.push_back({part.event_types, part.open(database, tables)});
        }
    }

    void apply(const RecordedEvent& event) override {
        for (auto& part : parts_) {
            if (std::ranges::find(part.event_types, event.type) != part.event_types.end())
                part.projector->apply(event);
        }
    }

    void write() override {
        for (auto& part : parts_) part.projector->write();
    }

    void forget() override {
        for (auto& part : parts_) part.projector->forget();
    }

    std::size_t bytes() const override {
        return std::accumulate(
            parts_.begin(),
            parts_.end(),
            std::size_t{0},
            [](std::size_t sum, const Part& part) { return sum + part.projector->bytes(); }
        );
    }

private:
    struct Part {
        std::vector<std::string> event_types;
        std::unique_ptr<Projector> projector;
    };
    std::vector<Part> parts_;
};

}  // namespace

Projection pricing_projection() {
    Projection projection;
    projection.name = "pricing";
    projection.version = 0;
    projection.poison = Poison::park_stream;
    for (const auto& make : parts) {
        auto part = make();
        projection.version += part.version;  // of another part it is another
        std::ranges::move(part.event_types, std::back_inserter(projection.event_types));
        std::ranges::move(part.tables, std::back_inserter(projection.tables));
    }
    std::ranges::sort(projection.event_types);
    const auto twice = std::ranges::unique(projection.event_types);
    projection.event_types.erase(twice.begin(), twice.end());
    projection.readable_since = projection.version;
    projection.open = [](SQLite::Database& database, Tables tables) {
        return std::make_unique<Pricing>(database, tables);
    };
    return projection;
}

}  // namespace vitrine::projections
