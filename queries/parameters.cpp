#include "queries/parameters.hpp"

#include <sodium.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/period.hpp"
#include "core/text.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::ListKey;
using projections::ListSort;

constexpr std::size_t limit_most = 1000;
constexpr std::size_t limit_default = 50;
constexpr std::size_t search_most = 255;
constexpr int base64_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string to_base64url(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), base64_variant), '\0');
    sodium_bin2base64(
        text.data(),
        text.size(),
        reinterpret_cast<const unsigned char*>(bytes.data()),
        bytes.size(),
        base64_variant
    );
    text.pop_back();  // the terminating NUL
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(
        reinterpret_cast<unsigned char*>(bytes.data()),
        bytes.size(),
        text.data(),
        text.size(),
        nullptr,
        &size,
        &end,
        base64_variant
    );
    if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

std::string_view sort_name(ListSort sort) {
    switch (sort) {
        case ListSort::created_at:
            return "created_at";
        case ListSort::updated_at:
            return "updated_at";
        case ListSort::name:
            return "name";
    }
    return {};
}

std::string spell(const Sort& sort) {
    return (sort.descending ? "-" : "") + std::string(sort_name(sort.by));
}

std::optional<Sort> parse_sort(std::string_view text) {
    Sort sort;
    sort.descending = text.starts_with('-');
    if (sort.descending) text.remove_prefix(1);
    for (const auto by : {ListSort::created_at, ListSort::updated_at, ListSort::name}) {
        if (text != sort_name(by)) continue;
        sort.by = by;
        return sort;
    }
    return std::nullopt;
}

/// Only what we would write ourselves: the parser is more lenient than that.
Json parse_cursor(std::string_view cursor) {
    const auto text = from_base64url(cursor);
    if (!text) return Json::value_t::discarded;
    auto json = Json::parse(*text, nullptr, false);
    if (json.is_discarded() || json.dump() != *text) return Json::value_t::discarded;
    return json;
}

std::optional<ListKey> decode_cursor(
    const Sort& sort, std::optional<Position> at, std::string_view cursor
) {
    const auto json = parse_cursor(cursor);
    if (!json.is_object() || json.value("s", Json()) != spell(sort)) return std::nullopt;
    if (json.value("at", Json()) != (at ? Json(*at) : Json())) return std::nullopt;
    const auto id = json.find("i");
    const auto key = json.find("k");
    if (id == json.end() || !id->is_string() || key == json.end()) return std::nullopt;
    ListKey decoded;
    decoded.id = id->get<std::string>();
    if (sort.by == ListSort::name) {
        if (!key->is_string()) return std::nullopt;
        decoded.text = key->get<std::string>();
    } else {
        if (!key->is_number_integer()) return std::nullopt;
        decoded.number = key->get<std::int64_t>();
    }
    return decoded;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    constexpr std::uint64_t most = 0x7fff'ffff'ffff'ffff;  // SQLite's integers are signed
    if (text.empty() || error != std::errc() || rest != end || number > most) return std::nullopt;
    return number;
}

std::size_t read_limit(const std::optional<std::string>& limit, std::vector<Fault>& faults) {
    if (!limit) return limit_default;
    const auto number = parse_number(*limit);
    if (number && *number >= 1 && *number <= limit_most) return *number;
    faults.push_back(
        {"/limit",
         "out_of_range",
         {"limit is a whole number from 1 to 1000", "limit é um número inteiro de 1 a 1000"}}
    );
    return limit_default;
}

std::string read_period(const std::optional<std::string>& period, std::vector<Fault>& faults) {
    const auto parsed = parse_period(period.value_or("30_days"));
    if (parsed) return period_name(*parsed);
    faults.push_back(
        {"/period",
         "unknown",
         {"period is today, 7_days, 30_days, 90_days, current_month, previous_month, or another "
          "number of days",
          "period é today, 7_days, 30_days, 90_days, current_month, previous_month ou outro número "
          "de dias"}}
    );
    return {};
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        if (comma > 0) items.emplace_back(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return items;
}

ListRequest read_list(
    const ListParameters& parameters, std::vector<Fault>& faults, std::optional<Position> at
) {
    ListRequest request;
    request.limit = read_limit(parameters.limit, faults);
    const auto sort = parse_sort(parameters.sort.value_or("-created_at"));
    if (sort) {
        request.sort = *sort;
    } else {
        faults.push_back(
            {"/sort",
             "unknown",
             {"sort is created_at, updated_at or name, of offers also revenue_cents, perhaps with "
              "- "
              "before it",
              "sort é created_at, updated_at ou name, de ofertas também revenue_cents, talvez com "
              "- "
              "na frente"}}
        );
    }
    if (parameters.q) {
        if (parameters.q->size() > search_most) {
            faults.push_back(
                {"/q", "max_length", {"q has at most 255 bytes", "q tem no máximo 255 bytes"}}
            );
        } else {
            request.search = fold(*parameters.q);
        }
    }
    if (parameters.cursor && sort) {
        request.after = decode_cursor(*sort, at, *parameters.cursor);
        if (!request.after) {
            faults.push_back(
                {"/cursor",
                 "invalid",
                 {"cursor is not the next_cursor of a page with this sort and as_of",
                  "cursor não é o next_cursor de uma página com este sort e as_of"}}
            );
        }
    }
    return request;
}

std::string encode_cursor(const Sort& sort, const ListKey& key, std::optional<Position> at) {
    Json json;
    json["s"] = spell(sort);
    if (at) json["at"] = *at;
    if (sort.by == ListSort::name) {
        json["k"] = key.text;
    } else {
        json["k"] = key.number;
    }
    json["i"] = key.id;
    return to_base64url(json.dump());
}

std::string encode_revenue_cursor(const RevenueCursor& cursor) {
    Json json;
    json["s"] = cursor.list;
    json["p"] = cursor.period;
    json["f"] = cursor.days ? format_day(cursor.days->first) : "";
    json["t"] = cursor.days ? format_day(cursor.days->last) : "";
    json["c"] = cursor.key.text;
    json["k"] = cursor.key.number;
    json["i"] = cursor.key.id;
    return to_base64url(json.dump());
}

std::optional<RevenueCursor> decode_revenue_cursor(std::string_view text) {
    const auto json = parse_cursor(text);
    const auto text_in = [&json](const char* name) -> std::optional<std::string> {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_string()) return std::nullopt;
        return found->get<std::string>();
    };
    if (!json.is_object()) return std::nullopt;
    const auto list = text_in("s"), currency = text_in("c"), period = text_in("p"),
               from = text_in("f"), to = text_in("t"), id = text_in("i");
    const auto key = json.find("k");
    if (!list || !currency || !period || !from || !to || !id || key == json.end() ||
        !key->is_number_integer())
        return std::nullopt;
    RevenueCursor cursor;
    cursor.list = *list;
    cursor.period = *period;
    const auto first = parse_day(*from), last = parse_day(*to);
    if (!period->empty() && (!first || !last)) return std::nullopt;
    if (!period->empty()) cursor.days = Days{*first, *last};
    cursor.key = {*currency, key->get<std::int64_t>(), *id};
    return cursor;
}

std::string encode_position_cursor(std::uint64_t position) {
    Json json;
    json["p"] = position;
    return to_base64url(json.dump());
}

std::optional<std::uint64_t> decode_position_cursor(std::string_view cursor) {
    const auto json = parse_cursor(cursor);
    if (!json.is_object()) return std::nullopt;
    const auto position = json.find("p");
    if (position == json.end() || !position->is_number_unsigned()) return std::nullopt;
    return position->get<std::uint64_t>();
}

}  // namespace vitrine::queries
