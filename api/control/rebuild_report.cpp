#include "api/control/rebuild_report.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const projections::TableComparison& table) {
    Json json;
    json["table"] = table.table;
    json["live_rows"] = table.live_rows;
    json["rebuilt_rows"] = table.rebuilt_rows;
    json["only_live"] = table.only_live;
    json["only_rebuilt"] = table.only_rebuilt;
    json["different"] = table.different;
    json["live_digest"] = table.live_digest;
    json["rebuilt_digest"] = table.rebuilt_digest;
    return json;
}

Json to_json(const projections::RowDifference& row) {
    Json json;
    json["table"] = row.table;
    json["key"] = row.key;
    if (!row.column.empty()) json["column"] = row.column;
    json["live"] = row.live;
    json["rebuilt"] = row.rebuilt;
    return json;
}

void add_comparison(Json& json, const projections::RebuildReport& report) {
    if (!report.live_fault.empty()) json["live_fault"] = report.live_fault;
    if (!report.comparison) return;
    auto& comparison = json["comparison"];
    comparison["equal"] = report.comparison->equal();
    comparison["tables"] = Json::array();
    for (const auto& table : report.comparison->tables)
        comparison["tables"].push_back(to_json(table));
    comparison["examples"] = Json::array();
    for (const auto& row : report.comparison->examples)
        comparison["examples"].push_back(to_json(row));
}

}  // namespace

Json to_json(const std::string& name, const projections::RebuildProgress& progress) {
    Json json;
    json["name"] = name;
    json["phase"] = projections::phase_name(progress.phase);
    json["done"] = progress.done;
    json["total"] = progress.total;
    json["per_second"] = progress.per_second;
    return json;
}

Json to_json(const projections::RebuildReport& report) {
    Json json;
    json["name"] = report.name;
    json["generation"] = report.generation;
    json["position"] = report.position;
    json["events"] = report.events;
    if (report.continued > 0) json["continued"] = report.continued;
    json["seconds"] = report.seconds;
    json["switched"] = report.switched;
    add_comparison(json, report);
    return json;
}

Json compared_to_json(const projections::RebuildReport& report) {
    Json json;
    json["name"] = report.name;
    add_comparison(json, report);
    return json;
}

}  // namespace vitrine::api
