#include "sandbox/lists.hpp"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "sandbox/offer_fields.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::size_t page_limit = 1000;

struct Page {
    std::size_t offset = 0;
    std::size_t limit = 20;
    std::size_t number = 1;
};

std::expected<std::optional<std::size_t>, Refusal> number_of(
    const Call& call, std::string_view name, std::size_t least
) {
    const auto text = call.query(name);
    if (!text || text->empty()) return std::nullopt;
    std::size_t value = 0;
    const auto* end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc() || rest != end || value < least || value > 1'000'000'000) {
        FieldErrors errors;
        errors.push_back({std::string(name), std::string(name) + " is not a valid number", "type"});
        return std::unexpected(bad_fields(std::move(errors)));
    }
    return value;
}

std::expected<Page, Refusal> page_of(const Call& call) {
    const auto number = number_of(call, "page", 1);
    const auto limit = number_of(call, "limit", 1);
    const auto offset = number_of(call, "offset", 0);
    for (const auto* each : {&number, &limit, &offset}) {
        if (!*each) return std::unexpected(each->error());
    }
    Page page;
    const bool by_offset = offset->has_value() && !number->has_value();
    page.limit = std::min(limit->value_or(by_offset ? 100 : 20), page_limit);
    page.number = by_offset ? **offset / page.limit + 1 : number->value_or(1);
    page.offset = by_offset ? **offset : (page.number - 1) * page.limit;
    return page;
}

using Rows = std::vector<const Row*>;

/// "created_at:desc", "name", "-createdAt". False: no such order.
bool sort_rows(Rows& rows, std::string_view by) {
    bool descending = by.starts_with('-');
    if (descending) by.remove_prefix(1);
    if (const auto colon = by.find(':'); colon != std::string_view::npos) {
        const auto direction = by.substr(colon + 1);
        if (direction != "asc" && direction != "desc") return false;
        descending = direction == "desc";
        by = by.substr(0, colon);
    }
    if (by == "name") {
        std::ranges::sort(rows, {}, [](const Row* row) {
            return std::pair<std::string_view, std::uint64_t>(row->facets.name, row->ordinal);
        });
    } else if (by != "created_at" && by != "createdAt") {
        return false;
    }
    if (descending) std::ranges::reverse(rows);
    return true;
}

Rows chosen_rows(const Rows& all, const Wanted& wanted) {
    if (!wanted) return all;
    Rows rows;
    std::ranges::copy_if(all, std::back_inserter(rows), [&](const Row* row) {
        return wanted(*row);
    });
    return rows;
}

std::string joined(const Rows& rows, const Page& page, const Unstored& unstored) {
    std::string items = "[";
    const auto end = std::min(rows.size(), page.offset + page.limit);
    for (auto i = page.offset; i < end; ++i) {
        if (i != page.offset) items += ',';
        items += rows[i]->text.empty() ? unstored.text(*rows[i]) : rows[i]->text;
    }
    return items + ']';
}

std::expected<std::optional<Timestamp>, Refusal> day_bound(
    const Call& call, std::string_view name
) {
    const auto text = call.query(name);
    if (!text || text->empty()) return std::nullopt;
    auto time = parse_time(*text);
    if (!time) time = parse_time(std::string(*text) + "T00:00:00Z");
    if (time) return time;
    return std::unexpected(bad_request(std::string(name) + " is not a date", "validation_failed"));
}

}  // namespace

std::string envelope(
    std::string_view items, std::size_t total, std::size_t page, std::size_t limit
) {
    const auto pages = std::to_string(std::max<std::size_t>(1, (total + limit - 1) / limit));
    const auto count = std::to_string(total);
    const auto number = std::to_string(page);
    const auto size = std::to_string(limit);
    std::string body = R"({"data":)";
    body += items;
    body += R"(,"pagination":{"current_page":)" + number + R"(,"per_page":)" + size;
    body += R"(,"total":)" + count + R"(,"last_page":)" + pages + R"(},"total":)" + count;
    body += R"(,"page":)" + number + R"(,"limit":)" + size + R"(,"pages":)" + pages + '}';
    return body;
}

std::expected<Wanted, Refusal> common_filters(const Call& call) {
    const auto from = day_bound(call, "created_from");
    const auto to = day_bound(call, "created_to");
    if (!from) return std::unexpected(from.error());
    if (!to) return std::unexpected(to.error());
    const std::string status(call.query("status").value_or(""));
    const auto type = canonical_offer_type(call.query("type").value_or(""));
    auto active = call.query("isActive");
    if (!active) active = call.query("is_active");
    if (status.empty() && type.empty() && !active && !*from && !*to) return Wanted();
    const auto only = active ? std::optional(*active == "true" || *active == "1") : std::nullopt;
    return [=, from = *from, to = *to](const Row& row) {
        const auto& facets = row.facets;
        return (status.empty() || facets.status == status) &&
               (type.empty() || canonical_offer_type(facets.type) == type) &&
               (!only || facets.active == *only) && (!from || facets.created >= *from) &&
               (!to || facets.created < *to);
    };
}

Wanted with_metadata(const Call& call, Wanted also) {
    constexpr std::string_view prefix = "metadata.";
    std::vector<std::pair<std::string, std::string>> asked;
    for (const auto& [name, value] : call.target.query) {
        if (name.starts_with(prefix)) asked.emplace_back(name.substr(prefix.size()), value);
    }
    if (asked.empty()) return also;
    return [asked = std::move(asked), also = std::move(also)](const Row& row) {
        if (also && !also(row)) return false;
        const auto object = Json::parse(row.text);
        const auto* metadata = member(object, "metadata");
        return metadata && std::ranges::all_of(asked, [metadata](const auto& each) {
                   return text_of(*metadata, each.first) == each.second;
               });
    };
}

Result list_rows(const Call& call, Kind kind, const Wanted& wanted, const Unstored& unstored) {
    const auto page = page_of(call);
    if (!page) return std::unexpected(page.error());
    const auto& stored = call.world.state.table(kind).rows(call.space);
    Rows together;
    for (const auto& row : unstored.rows) together.push_back(&row);
    if (!together.empty()) std::ranges::copy(stored, std::back_inserter(together));
    const auto& all = together.empty() ? stored : together;
    const auto sort = call.query("sort").value_or("");
    if (call.query("count_only").value_or("0") == "1") {
        return Reply{200, R"({"total":)" + std::to_string(chosen_rows(all, wanted).size()) + '}'};
    }
    const auto answer = [&](const Rows& rows) {
        auto items = joined(rows, *page, unstored);
        if (call.query("format") == "array") return Reply{200, std::move(items)};
        return Reply{200, envelope(items, rows.size(), page->number, page->limit)};
    };
    if (!wanted && sort.empty()) return answer(all);
    auto rows = chosen_rows(all, wanted);
    if (!sort.empty() && !sort_rows(rows, sort)) {
        return std::unexpected(bad_request("sort is not known", "validation_failed"));
    }
    return answer(rows);
}

Result count_rows(const Call& call, Kind kind, const Wanted& wanted) {
    const auto& all = call.world.state.table(kind).rows(call.space);
    const auto count = std::to_string(wanted ? chosen_rows(all, wanted).size() : all.size());
    const bool as_total = call.query("count_only").value_or("0") == "1";
    return Reply{200, (as_total ? R"({"total":)" : R"({"count":)") + count + '}'};
}

}  // namespace vitrine::sandbox
