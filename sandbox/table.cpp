#include "sandbox/table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace vitrine::sandbox {
namespace {

bool is_true(const Json& object, std::string_view name) {
    const auto* value = member(object, name);
    return value && value->is_boolean() && value->get<bool>();
}

std::string_view currency_of(const Json& object) {
    if (const auto given = text_of(object, "currency"); !given.empty()) return given;
    if (const auto* pricing = member(object, "pricing")) return text_of(*pricing, "currency");
    const auto* metadata = member(object, "metadata");
    const auto* pricing = metadata ? member(*metadata, "pricing") : nullptr;
    return pricing ? text_of(*pricing, "currency") : std::string_view();
}

}  // namespace

Facets facets_of(const Json& object) {
    Facets facets;
    facets.name = text_of(object, "name");
    facets.slug = text_of(object, "slug");
    if (facets.slug.empty()) facets.slug = text_of(object, "email");
    facets.status = text_of(object, "status");
    facets.type = text_of(object, "type");
    facets.currency = currency_of(object);
    if (facets.currency.empty()) facets.currency = "BRL";
    facets.active = is_true(object, "isActive");
    facets.featured = is_true(object, "featured");
    facets.created = parse_time(text_of(object, "createdAt")).value_or(Timestamp());
    return facets;
}

const Table::Shelf* Table::shelf(std::string_view space) const {
    const auto found = shelves_.find(space);
    return found == shelves_.end() ? nullptr : &found->second;
}

const Row* Table::find(std::string_view space, std::string_view id) const {
    const auto* here = shelf(space);
    if (!here) return nullptr;
    const auto found = here->by_id.find(id);
    return found == here->by_id.end() ? nullptr : found->second.get();
}

const Row* Table::find_slug(std::string_view space, std::string_view slug) const {
    const auto* here = shelf(space);
    if (!here) return nullptr;
    const auto found = here->by_slug.find(slug);
    return found == here->by_slug.end() ? nullptr : found->second;
}

bool Table::holds_anywhere(std::string_view id) const {
    return std::ranges::any_of(shelves_, [id](const auto& shelf) {
        return shelf.second.by_id.contains(id);
    });
}

const Row* Table::find_slug_anywhere(std::string_view slug) const {
    const Row* oldest = nullptr;
    for (const auto& [space, here] : shelves_) {
        const auto found = here.by_slug.find(slug);
        if (found == here.by_slug.end()) continue;
        if (!oldest || found->second->ordinal < oldest->ordinal) oldest = found->second;
    }
    return oldest;
}

const std::vector<const Row*>& Table::rows(std::string_view space) const {
    static const std::vector<const Row*> none;
    const auto* here = shelf(space);
    return here ? here->in_order : none;
}

std::vector<const Row*> Table::all() const {
    std::vector<const Row*> rows;
    rows.reserve(size_);
    for (const auto& [space, here] : shelves_) {
        rows.insert(rows.end(), here.in_order.begin(), here.in_order.end());
    }
    std::ranges::sort(rows, {}, &Row::ordinal);
    return rows;
}

bool Table::put(Row row) {
    auto& here = shelves_[row.space];
    const auto found = here.by_id.find(row.id);
    const bool is_new = found == here.by_id.end();
    Row* kept = nullptr;
    if (is_new) {
        row.ordinal = ++created_;
        auto made = std::make_unique<Row>(std::move(row));
        kept = made.get();
        here.by_id.emplace(kept->id, std::move(made));
        here.in_order.push_back(kept);
        ++size_;
    } else {
        kept = found->second.get();
        if (kept->facets.slug != row.facets.slug) here.by_slug.erase(kept->facets.slug);
        row.ordinal = kept->ordinal;
        *kept = std::move(row);
    }
    if (!kept->facets.slug.empty()) here.by_slug.insert_or_assign(kept->facets.slug, kept);
    return is_new;
}

bool Table::erase(std::string_view space, std::string_view id) {
    const auto found_shelf = shelves_.find(space);
    if (found_shelf == shelves_.end()) return false;
    auto& here = found_shelf->second;
    const auto found = here.by_id.find(id);
    if (found == here.by_id.end()) return false;
    const Row* row = found->second.get();
    here.by_slug.erase(row->facets.slug);
    here.in_order.erase(std::ranges::lower_bound(here.in_order, row->ordinal, {}, &Row::ordinal));
    here.by_id.erase(found);
    --size_;
    return true;
}

}  // namespace vitrine::sandbox
