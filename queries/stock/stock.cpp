#include "queries/stock/stock.hpp"

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "core/time.hpp"
#include "projections/stock/reader.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

constexpr Term none{"there is no stock of such a SKU", "não há estoque deste SKU"};

std::string to_json(const projections::StockFigures& stock) {
    Json json;
    json["sku"] = stock.sku;
    json["on_hand"] = stock.on_hand;
    json["reserved"] = stock.reserved;
    json["allocated"] = stock.allocated;
    json["available"] = stock.available();
    json["backorder_limit"] = stock.backorder_limit;
    json["safety"] = stock.safety;
    json["policy"] = stock.tracked ? "tracked" : "untracked";
    json["version"] = stock.version;
    json["created_at"] = format_time(stock.created_at);
    json["updated_at"] = format_time(stock.updated_at);
    json["position"] = stock.position;
    return json.dump();
}

/// Of a SKU that was never set: reservations of it hold nothing.
std::string untracked_json(const std::string& sku, Position position) {
    Json json;
    json["sku"] = sku;
    for (const auto* name : {"on_hand", "reserved", "allocated"}) json[name] = 0;
    json["available"] = nullptr;
    for (const auto* name : {"backorder_limit", "safety"}) json[name] = 0;
    json["policy"] = "untracked";
    json["version"] = 0;
    json["position"] = position;
    return json.dump();
}

std::string to_json(const projections::StockEntry& entry) {
    Json json;
    json["type"] = entry.type;
    json["at"] = format_time(entry.at);
    if (entry.quantity) json["quantity"] = *entry.quantity;
    if (!entry.reservation_id.empty()) json["reservation_id"] = entry.reservation_id;
    if (!entry.reason.empty()) json["reason"] = entry.reason;
    json["on_hand"] = entry.on_hand;
    json["allocated"] = entry.allocated;
    json["version"] = entry.version;
    json["position"] = entry.position;
    return json.dump();
}

}  // namespace

Result get_stock(const ReadSide& reads, const TenantId& tenant, std::string_view sku) {
    auto lease = reads.projections.read_model(stock_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::StockReader reader(*std::move(lease), reads.clock());
    const auto id = as_seen(sku);
    const auto stock = reader.find(tenant, id);
    Answer answer;
    answer.position = reader.position();
    answer.body = stock ? to_json(*stock) : untracked_json(id, reader.position());
    return answer;
}

Result list_stock(
    const ReadSide& reads,
    const TenantId& tenant,
    const ListParameters& parameters,
    std::vector<Fault> faults
) {
    const auto request = read_list(parameters, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    const auto policy = parameters.status.value_or("");
    const projections::ListPage wanted{
        .status = policy,
        .type = {},
        .search = request.search,
        .sort = request.sort.by,
        .descending = request.sort.descending,
        .after = request.after,
        .limit = request.limit
    };
    auto lease = reads.projections.read_model(stock_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::StockReader reader(*std::move(lease), reads.clock());
    const auto page = reader.list(tenant, wanted);
    return list_answer(
        page.items,
        reader.position(),
        page.next ? encode_cursor(request.sort, *page.next) : std::string(),
        [](const auto& stock) { return to_json(stock); }
    );
}

Result stock_history(
    const ReadSide& reads,
    const TenantId& tenant,
    std::string_view sku,
    const ListParameters& parameters
) {
    std::vector<Fault> faults;
    const auto limit = read_limit(parameters.limit, faults);
    const auto before = read_position_cursor(parameters.cursor, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    auto lease = reads.projections.read_model(stock_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::StockReader reader(*std::move(lease), reads.clock());
    const auto id = as_seen(sku);
    if (!reader.find(tenant, id)) return std::unexpected(not_found(none));
    const auto page = reader.history(tenant, id, before, limit);
    return list_answer(
        page.items,
        reader.position(),
        page.next ? encode_position_cursor(*page.next) : std::string(),
        [](const auto& entry) { return to_json(entry); }
    );
}

}  // namespace vitrine::queries
