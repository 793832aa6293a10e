#include "queries/checkouts/money.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "queries/checkouts/checkouts.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

/// Each row of the tenant, page by page.
template <class Take>
void each_row(projections::ListedReader& rows, const TenantId& tenant, bool at_risk, Take take) {
    std::optional<projections::ListKey> after;
    while (true) {
        const projections::ListPage page{
            .status = {},
            .type = {},
            .search = {},
            .column = at_risk ? "at_risk" : "",
            .value = at_risk ? "1" : "",
            .after = after,
            .limit = 1000
        };
        const auto found = rows.list(tenant, page);
        for (const auto& body : found.items) take(Json::parse(body));
        if (!found.next) return;
        after = found.next;
    }
}

constexpr const char* sums[] = {
    "captured_cents",
    "fulfilled_cents",
    "held_cents",
    "refunding_cents",
    "refunded_cents",
    "blocked_cents",
    "at_risk_cents"
};

}  // namespace

std::string ledger_of(projections::ListedReader& rows, const TenantId& tenant) {
    std::map<std::string, std::map<std::string, std::int64_t>> by_currency;
    each_row(rows, tenant, false, [&](const Json& row) {
        const auto risk = row.at("at_risk_cents").get<std::int64_t>();
        if (row.at("captured_cents").get<std::int64_t>() == 0 && risk == 0) return;
        auto& of_currency = by_currency[row.at("currency").get<std::string>()];
        for (const auto* name : sums) of_currency[name] += row.at(name).get<std::int64_t>();
    });
    Json json;
    auto& items = json["items"] = Json::array();
    for (const auto& [currency, amounts] : by_currency) {
        Json item{{"currency", currency}};
        for (const auto* name : sums) item[name] = amounts.at(name);
        items.push_back(std::move(item));
    }
    return json.dump();
}

std::vector<std::string> checkouts_of(projections::ListedReader& rows, const TenantId& tenant) {
    std::vector<std::string> ids;
    each_row(rows, tenant, false, [&](const Json& row) {
        ids.push_back(row.at("checkout_id").get<std::string>());
    });
    return ids;
}

Result get_money(const ReadSide& reads, const TenantId& tenant) {
    auto lease = reads.projections.read_model(checkouts_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader rows(std::move(*lease), checkouts_model);
    Answer answer;
    answer.body = ledger_of(rows, tenant);
    answer.position = rows.position();
    return answer;
}

Result get_money_at_risk(const ReadSide& reads, const TenantId& tenant) {
    auto lease = reads.projections.read_model(checkouts_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader rows(std::move(*lease), checkouts_model);
    const auto now = reads.clock();
    Json json;
    auto& items = json["items"] = Json::array();
    each_row(rows, tenant, true, [&](const Json& row) {
        for (const auto& step : row.at("blocked")) {
            const auto since = step.at("since").get<std::string>();
            const auto age = now - parse_time(since).value_or(now);
            items.push_back(
                {{"checkout_id", row.at("checkout_id")},
                 {"currency", row.at("currency")},
                 {"amount_cents", step.at("amount_cents")},
                 {"step", step.at("step")},
                 {"reason", step.at("problem")},
                 {"owner", "operator"},
                 {"since", since},
                 {"age_seconds", std::chrono::duration_cast<std::chrono::seconds>(age).count()}}
            );
        }
    });
    std::sort(items.begin(), items.end(), [](const Json& one, const Json& other) {
        return one.at("since").get<std::string>() < other.at("since").get<std::string>();
    });
    Answer answer;
    answer.body = json.dump();
    answer.position = rows.position();
    return answer;
}

}  // namespace vitrine::queries
