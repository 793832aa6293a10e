#include "projections/activity/reader.hpp"

#include <limits>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr Position beyond_all = std::numeric_limits<std::int64_t>::max();

std::string sql_of(const ActivityFilter& filter) {
    std::string sql =
        "SELECT "
        "position,at,actor,type,stream,offer_id,product_id,clubify_product_id,summary,search FROM "
        "activity"
        " WHERE tenant=?1";
    if (!filter.actor.empty()) sql += " AND actor=?2";
    if (!filter.offer_id.empty()) sql += " AND offer_id=?3";
    return sql + " AND position<?4 ORDER BY position DESC";
}

ActivityEntry entry_of(const Statement::Run& row) {
    ActivityEntry entry;
    entry.position = row.unsigned_number(0);
    entry.at = row.time(1);
    entry.actor = row.text(2);
    entry.type = row.text(3);
    entry.stream = row.text(4);
    entry.offer_id = row.text(5);
    entry.product_id = row.text(6);
    entry.clubify_product_id = row.text(7);
    entry.summary = row.text(8);
    return entry;
}

}  // namespace

Page<ActivityEntry, Position> ActivityReader::list(
    const TenantId& tenant, const ActivityFilter& filter
) {
    lease_.read_position();
    auto& select = lease_.statement(sql_of(filter));
    const auto before = filter.before.value_or(beyond_all);
    const auto look = [&](const Statement::Run& row,
                          Position& position) -> std::optional<ActivityEntry> {
        position = row.unsigned_number(0);
        if (row.text(9).contains(filter.search)) return entry_of(row);
        auto entry = entry_of(row);
        if (!filter.found_elsewhere || !filter.found_elsewhere(entry)) return std::nullopt;
        return entry;
    };
    return look_through<ActivityEntry, Position>(
        select.run(tenant, filter.actor, filter.offer_id, before),
        filter.limit,
        AtMost(most_searched),
        look
    );
}

}  // namespace vitrine::projections
