#include "projections/stock/reader.hpp"

#include <limits>

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

constexpr std::string_view columns =
    "status,on_hand,backorder_limit,safety,allocated,created_at,updated_at,version,position";

/// Of those columns, the first of which has that number.
StockFigures figures_of(const Statement::Run& row, std::string_view sku, int first) {
    StockFigures figures;
    figures.sku = sku;
    figures.tracked = row.text(first) == "tracked";
    figures.on_hand = row.number(first + 1);
    figures.backorder_limit = row.number(first + 2);
    figures.safety = row.number(first + 3);
    figures.allocated = row.number(first + 4);
    figures.created_at = row.time(first + 5);
    figures.updated_at = row.time(first + 6);
    figures.version = row.unsigned_number(first + 7);
    figures.position = row.unsigned_number(first + 8);
    return figures;
}

}  // namespace

bool StockReader::has_any(const TenantId& tenant) {
    auto& select = lease_.statement("SELECT 1 FROM stock WHERE tenant=? LIMIT 1");
    auto row = select.run(tenant);
    return row.next();
}

std::optional<StockFigures> StockReader::find(const TenantId& tenant, std::string_view sku) {
    auto& select =
        lease_.statement("SELECT " + std::string(columns) + " FROM stock WHERE tenant=? AND id=?");
    std::optional<StockFigures> found;
    {
        auto row = select.run(tenant, sku);
        if (!row.next()) return std::nullopt;
        found = figures_of(row, sku, 0);
    }
    lease_.saw(found->position);
    found->reserved = reserved(tenant, sku);
    return found;
}

ListItems<StockFigures> StockReader::list(const TenantId& tenant, const ListPage& page) {
    const ListSource source{
        .table = "stock", .id_column = "id", .status_column = "status", .item_columns = columns
    };
    return read_list<StockFigures>(lease_, source, tenant, page, [&](const Statement::Run& row) {
        constexpr int id_column = 0;
        auto figures = figures_of(row, row.text(id_column), ListSource::first_item_column);
        figures.reserved = reserved(tenant, figures.sku);
        return figures;
    });
}

Page<StockEntry, Version> StockReader::history(
    const TenantId& tenant, std::string_view sku, std::optional<Version> before, std::size_t limit
) {
    auto& select = lease_.statement(
        "SELECT version,position,at,type,quantity,reservation_id,reason,on_hand,allocated"
        " FROM history WHERE tenant=? AND sku=? AND version<? ORDER BY version DESC"
    );
    constexpr Version beyond_all = std::numeric_limits<std::int64_t>::max();
    const auto from = before.value_or(beyond_all);
    return look_through<StockEntry, Version>(
        select.run(tenant, sku, from),
        limit,
        AtMost(limit + 1),
        [](const Statement::Run& row, Version& version) -> std::optional<StockEntry> {
            StockEntry entry;
            version = entry.version = row.unsigned_number(0);
            entry.position = row.unsigned_number(1);
            entry.at = row.time(2);
            entry.type = row.text(3);
            if (!row.is_null(4)) entry.quantity = row.number(4);
            entry.reservation_id = row.text(5);
            entry.reason = row.text(6);
            entry.on_hand = row.number(7);
            entry.allocated = row.number(8);
            return entry;
        }
    );
}

std::int64_t StockReader::reserved(const TenantId& tenant, std::string_view sku) {
    auto& sum = lease_.statement(
        "SELECT COALESCE(SUM(quantity),0) FROM held WHERE tenant=? AND sku=? AND expires_at>?"
    );
    auto row = sum.run(tenant, sku, now_);
    return row.next() ? row.number(0) : 0;
}

}  // namespace vitrine::projections
