#include "sandbox/state.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, kind_count> names{
    "offers",
    "products",
    "customers",
    "checkouts",
    "webhooks",
    "offer_urls",
    "price_history",
    "orders",
    "order_bumps",
    "upsells",
    "flows",
    "payments"
};

constexpr std::array shown{
    Kind::offers,
    Kind::products,
    Kind::customers,
    Kind::checkouts,
    Kind::webhooks,
    Kind::orders,
    Kind::order_bumps,
    Kind::upsells,
    Kind::flows,
    Kind::payments
};

std::string put_line(Kind kind, const Row& row) {
    std::string line = R"({"put":")";
    line += kind_name(kind);
    line += R"(","space":)" + json_string(row.space) + R"(,"id":)" + json_string(row.id);
    line += R"(,"object":)";
    line += row.text;
    line += '}';
    return line;
}

}  // namespace

std::string_view kind_name(Kind kind) {
    return names[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_named(std::string_view name) {
    for (std::size_t i = 0; i < kind_count; ++i) {
        if (names[i] == name) return static_cast<Kind>(i);
    }
    return std::nullopt;
}

const Row& State::insert(Kind kind, std::string space, std::string id, const Json& object) {
    Row row{std::move(id), std::move(space), object.dump(), facets_of(object)};
    const auto key_space = row.space;
    const auto key_id = row.id;
    if (mutable_table(kind).put(std::move(row))) ++created_;
    return *table(kind).find(key_space, key_id);
}

const Row& State::put(Kind kind, std::string space, std::string id, const Json& object) {
    const auto& row = insert(kind, std::move(space), std::move(id), object);
    if (listener_) listener_(put_line(kind, row));
    return row;
}

void State::erase(Kind kind, const std::string& space, const std::string& id) {
    if (!mutable_table(kind).erase(space, id) || !listener_) return;
    listener_(
        R"({"erase":")" + std::string(kind_name(kind)) + R"(","space":)" + json_string(space) +
        R"(,"id":)" + json_string(id) + "}"
    );
}

bool State::apply(const Json& change) {
    if (const auto* count = member(change, "created")) {
        if (!count->is_number_unsigned()) return false;
        created_ = count->get<std::uint64_t>();
        return true;
    }
    const bool erases = member(change, "erase") != nullptr;
    const auto kind = kind_named(text_of(change, erases ? "erase" : "put"));
    const auto space = text_of(change, "space");
    const auto id = text_of(change, "id");
    if (!kind || space.empty() || id.empty()) return false;
    if (erases) {
        mutable_table(*kind).erase(space, id);
        return true;
    }
    const auto* object = member(change, "object");
    if (!object) return false;
    insert(*kind, std::string(space), std::string(id), *object);
    return true;
}

void State::each_line(const std::function<void(std::string line)>& write) const {
    for (std::size_t i = 0; i < kind_count; ++i) {
        for (const auto* row : tables_[i].all()) write(put_line(static_cast<Kind>(i), *row));
    }
    // Last: each line above counts as a creation when it is applied.
    write(R"({"created":)" + std::to_string(created_) + "}");
}

std::string State::to_json() const {
    std::string text = "{";
    for (const auto kind : shown) {
        if (text.size() > 1) text += ',';
        text += json_string(kind_name(kind)) + ":[";
        const auto rows = table(kind).all();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i != 0) text += ',';
            text += rows[i]->text;
        }
        text += ']';
    }
    return text + '}';
}

}  // namespace vitrine::sandbox
