#include "projections/activity/reader.hpp"

#include <limits>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr Position beyond_all = std::numeric_limits<std::int64_t>::max();

std::string sql_of(const ActivityFilter& filter) {
    std::string sql =
        "SELECT position,at,actor,type,stream,offer_id,product_id,summary FROM activity"
        " WHERE tenant=?1";
    if (!filter.actor.empty()) sql += " AND actor=?2";
    if (!filter.offer_id.empty()) sql += " AND offer_id=?3";
    if (!filter.search.empty()) sql += " AND instr(search,?4)>0";
    return sql + " AND position<?5 ORDER BY position DESC LIMIT ?6";
}

}  // namespace

std::vector<ActivityEntry> ActivityReader::list(
    const TenantId& tenant, const ActivityFilter& filter
) {
    lease_.read_position();
    auto& select = lease_.statement(sql_of(filter));
    const auto before = filter.before.value_or(beyond_all);
    std::vector<ActivityEntry> entries;
    auto rows =
        select.run(tenant, filter.actor, filter.offer_id, filter.search, before, filter.limit);
    while (rows.next()) {
        auto& entry = entries.emplace_back();
        entry.position = rows.unsigned_number(0);
        entry.at = rows.time(1);
        entry.actor = rows.text(2);
        entry.type = rows.text(3);
        entry.stream = rows.text(4);
        entry.offer_id = rows.text(5);
        entry.product_id = rows.text(6);
        entry.summary = rows.text(7);
    }
    return entries;
}

}  // namespace vitrine::projections
