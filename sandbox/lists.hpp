#pragma once

#include <functional>
#include <span>
#include <vector>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

using Wanted = std::function<bool(const Row&)>;

/// What a list has before what is stored: rows without a text, which is made of those that are
/// answered.
struct Unstored {
    std::vector<Row> rows;
    std::function<std::string(const Row&)> text;
};

/// Answers the rows that `wanted` takes (empty: all), by page or offset and in the order that the
/// query asks for; without `sort`, oldest first, so that a scan by pages misses nothing that is
/// there. `count_only=1` counts, `format=array` leaves out the envelope.
Result list_rows(const Call& call, Kind kind, const Wanted& wanted, const Unstored& unstored = {});

/// `{"count":N}`
Result count_rows(const Call& call, Kind kind, const Wanted& wanted);

/// The envelope that satisfies every reader of the SDK.
std::string envelope(
    std::string_view items, std::size_t total, std::size_t page, std::size_t limit
);

/// `status`, `type`, `isActive`, created_from and created_to of the query.
std::expected<Wanted, Refusal> common_filters(const Call& call);

/// Those that `also` takes, whose metadata is as each `metadata.…` of the query says.
Wanted with_metadata(const Call& call, Wanted also);

}  // namespace vitrine::sandbox
