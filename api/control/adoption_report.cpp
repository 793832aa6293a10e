#include "api/control/adoption_report.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;
using commands::AdoptionReport;

Json counts_json(const AdoptionReport::Counts& counts) {
    Json json;
    json["adopted"] = counts.adopted;
    json["known"] = counts.known;
    json["failed"] = counts.failed;
    return json;
}

Json item_json(const commands::AdoptionItem& item, Language language) {
    Json json;
    json["entity"] = item.entity;
    if (!item.id.empty()) json[item.entity + "_id"] = item.id;
    json["clubify_id"] = item.clubify_id.str();
    json["name"] = item.name;
    if (!item.fault.empty()) json["fault"] = item.fault.in(language);
    return json;
}

Json difference_json(const commands::Difference& difference) {
    Json json;
    json["difference"] = commands::difference_name(difference.kind);
    json["entity"] = difference.entity;
    if (!difference.id.empty()) json["id"] = difference.id;
    json["clubify_id"] = difference.clubify_id.str();
    json["name"] = difference.name;
    if (difference.kind == commands::Difference::Kind::differs) {
        json["field"] = difference.field;
        if (!difference.ours.empty()) json["ours"] = Json::parse(difference.ours);
        if (!difference.theirs.empty()) json["theirs"] = Json::parse(difference.theirs);
    }
    return json;
}

}  // namespace

Json to_json(const AdoptionReport& report, Language language) {
    Json json;
    json["dry_run"] = report.dry_run;
    json["products"] = counts_json(report.products);
    json["offers"] = counts_json(report.offers);
    json["customers"] = counts_json(report.customers);
    json["orders"] = counts_json(report.orders);
    json["orders"]["changed"] = report.changed_orders;
    auto& items = json["items"] = Json::array();
    for (const auto& item : report.items) items.push_back(item_json(item, language));
    return json;
}

Json to_json(const commands::Reconciliation& reconciliation) {
    Json json;
    json["products"] = reconciliation.products;
    json["offers"] = reconciliation.offers;
    json["customers"] = reconciliation.customers;
    json["orders"] = reconciliation.orders;
    auto& differences = json["differences"] = Json::array();
    for (const auto& difference : reconciliation.differences)
        differences.push_back(difference_json(difference));
    return json;
}

}  // namespace vitrine::api
