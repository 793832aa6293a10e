#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/json.hpp"
#include "sandbox/table.hpp"

namespace vitrine::sandbox {

/// What the platform keeps. Offer URLs and price history hold one list per offer or product, under
/// its id.
enum class Kind {
    offers,
    products,
    customers,
    checkouts,
    webhooks,
    offer_urls,
    price_history,
    orders,
    order_bumps,
    upsells,
    flows,
    payments
};
constexpr std::size_t kind_count = 12;

std::string_view kind_name(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

/// Everything stored, of all tenants. Each change is also handed on as one line of JSON, from which
/// apply() makes it again.
class State {
public:
    using OnChange = std::function<void(std::string line)>;

    /// From now on, every change is told.
    void on_change(OnChange listener) { listener_ = std::move(listener); }

    const Table& table(Kind kind) const { return tables_[static_cast<std::size_t>(kind)]; }

    const Row& put(Kind kind, std::string space, std::string id, const Json& object);
    void erase(Kind kind, const std::string& space, const std::string& id);
    /// Objects ever created, erased ones too: what ids are counted by.
    std::uint64_t created() const { return created_; }

    /// Repeats a change from its line; false: the line is none of ours.
    bool apply(const Json& change);

    /// The lines that make this state from nothing.
    void each_line(const std::function<void(std::string line)>& write) const;

    /// `{"offers":[…],"products":[…],…}`
    std::string to_json() const;

private:
    Table& mutable_table(Kind kind) { return tables_[static_cast<std::size_t>(kind)]; }
    const Row& insert(Kind kind, std::string space, std::string id, const Json& object);

    std::array<Table, kind_count> tables_;
    std::uint64_t created_ = 0;
    OnChange listener_;
};

}  // namespace vitrine::sandbox
