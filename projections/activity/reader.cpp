#include "projections/activity/reader.hpp"

#include <limits>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr Position beyond_all = std::numeric_limits<std::int64_t>::max();

std::string sql_of(const ActivityFilter& filter) {
    std::string sql =
        "SELECT position,at,actor,type,stream,offer_id,product_id,summary,search FROM activity"
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
    entry.summary = row.text(7);
    return entry;
}

}  // namespace

ActivityPage ActivityReader::list(const TenantId& tenant, const ActivityFilter& filter) {
    lease_.read_position();
    auto& select = lease_.statement(sql_of(filter));
    const auto before = filter.before.value_or(beyond_all);
    ActivityPage page;
    Position last = 0;
    std::size_t searched = 0;
    for (auto rows = select.run(tenant, filter.actor, filter.offer_id, before); rows.next();) {
        if (page.entries.size() == filter.limit || searched == most_searched) {
            page.next = last;
            break;
        }
        last = rows.unsigned_number(0);
        if (!filter.search.empty()) {
            ++searched;
            if (rows.text(8).find(filter.search) == std::string_view::npos) continue;
        }
        page.entries.push_back(entry_of(rows));
    }
    return page;
}

}  // namespace vitrine::projections
