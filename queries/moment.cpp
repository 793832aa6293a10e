#include "queries/moment.hpp"

#include "core/time.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

QueryError refused(const char* code, const char* detail) {
    return invalid({{"/as_of", code, detail}});
}

std::expected<projections::Moment, QueryError> moment_at(const ReadSide& reads, Position position) {
    if (position > reads.store.head())
        return std::unexpected(refused("out_of_range", "as_of is above the last position"));
    projections::Moment moment{position, {}};
    if (position == 0) return moment;
    const auto events = reads.store.read_all(position, {}, 1, store::Direction::backwards);
    if (!events.empty()) moment.time = events.front().recorded_at;
    return moment;
}

}  // namespace

std::expected<projections::Moment, QueryError> read_moment(
    const ReadSide& reads, std::string_view as_of
) {
    if (const auto position = parse_number(as_of)) return moment_at(reads, *position);
    const auto time = parse_time(as_of);
    if (!time) {
        return std::unexpected(
            refused("invalid", "as_of is a time like 2011-04-01T03:00:00Z, or a position")
        );
    }
    if (*time > reads.clock())
        return std::unexpected(refused("out_of_range", "as_of is in the future"));
    return projections::Moment{reads.store.position_at(*time), *time};
}

}  // namespace vitrine::queries
