#include "projections/offer_analytics/reader.hpp"

#include <map>

#include "projections/offer_analytics/tables.hpp"
#include "projections/payload.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

void read_status_times(OfferFigures& figures, std::string_view text) {
    Payload payload;
    for (auto field : payload.open(text)) {
        const std::string_view name = field.unescaped_key();
        const std::int64_t us = field.value().get_int64();
        if (name == "draft") figures.draft_us = us;
        if (name == "active") figures.active_us = us;
        if (name == "paused") figures.paused_us = us;
        if (name == "archived") figures.archived_us = us;
    }
}

/// version, position, product_count, revisions, status, status_since, status_us.
void read_figures(const Statement::Run& row, OfferFigures& figures) {
    figures.version = row.unsigned_number(0);
    figures.position = row.unsigned_number(1);
    figures.product_count = row.number(2);
    figures.revisions = row.number(3);
    figures.status = row.text(4);
    figures.status_since = row.time(5);
    read_status_times(figures, row.text(6));
}

}  // namespace

std::optional<OfferFigures> AnalyticsReader::find(const TenantId& tenant, const OfferId& id) {
    lease_.read_position();
    auto& select = lease_.statement(
        "SELECT version,position,product_count,revisions,status,status_since,status_us,"
        "failure_count,failures,last_failure FROM offer_analytics"
        " WHERE tenant=? AND offer_id=? AND status<>''"
    );
    auto row = select.run(tenant, id);
    if (!row.next()) return std::nullopt;
    OfferFigures figures;
    read_figures(row, figures);
    figures.failure_count = row.number(7);
    figures.failures_by_type = JsonText(row.string(8));
    figures.last_failure = JsonText(row.string(9));
    return figures;
}

std::optional<OfferFigures> AnalyticsReader::find_at(
    const TenantId& tenant, const OfferId& id, Position at
) {
    lease_.read_position();
    auto& select = lease_.statement(
        "SELECT version,valid_from,product_count,revisions,status,status_since,status_us"
        " FROM offer_analytics_versions WHERE tenant=? AND offer_id=? AND valid_from<=?"
        " ORDER BY valid_from DESC LIMIT 1"
    );
    auto row = select.run(tenant, id, at);
    if (!row.next()) return std::nullopt;
    OfferFigures figures;
    read_figures(row, figures);
    read_failures(tenant, id, at, figures);
    return figures;
}

void AnalyticsReader::read_failures(
    const TenantId& tenant, const OfferId& id, Position upto, OfferFigures& figures
) {
    auto& select = lease_.statement(
        "SELECT type,class,reason,at,position FROM failures"
        " WHERE tenant=? AND offer_id=? AND position<=? ORDER BY position"
    );
    std::map<std::string, std::int64_t, std::less<>> counts;
    for (auto row = select.run(tenant, id, upto); row.next(); ++figures.failure_count) {
        const auto type = row.string(0);
        ++counts[type];
        figures.last_failure = JsonText(render_failure(
            type, {row.string(1), row.string(2)}, row.time(3), row.unsigned_number(4)
        ));
    }
    figures.failures_by_type = JsonText(render_counts(counts));
}

std::vector<Position> AnalyticsReader::failures(
    const TenantId& tenant, const OfferId& id, Position after, std::size_t limit
) {
    auto& select = lease_.statement(
        "SELECT position FROM failures WHERE tenant=? AND offer_id=? AND position>?"
        " ORDER BY position LIMIT ?"
    );
    std::vector<Position> positions;
    for (auto rows = select.run(tenant, id, after, limit); rows.next();) {
        positions.push_back(rows.unsigned_number(0));
    }
    return positions;
}

}  // namespace vitrine::projections
