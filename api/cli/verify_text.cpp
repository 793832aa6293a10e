#include "api/cli/verify_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "store/hash_chain.hpp"

namespace vitrine::api {

nlohmann::ordered_json to_json(const store::VerifyReport& report) {
    nlohmann::ordered_json json;
    json["ok"] = report.faults.empty();
    json["position"] = report.position;
    json["events"] = report.events;
    json["sparse"] = report.sparse;
    json["tenants"] = nlohmann::ordered_json::array();
    for (const auto& chain : report.tenants) {
        json["tenants"].push_back(
            {{"tenant", chain.tenant.str()},
             {"events", chain.events},
             {"head", store::hash_text(chain.head)}}
        );
    }
    json["faults"] = nlohmann::ordered_json::array();
    for (const auto& fault : report.faults) {
        nlohmann::ordered_json each;
        each["check"] = fault.check;
        if (fault.position != 0) each["position"] = fault.position;
        each["detail"] = fault.detail;
        json["faults"].push_back(std::move(each));
    }
    return json;
}

std::string first_fault(const store::VerifyReport& report) {
    const auto& fault = report.faults.front();
    auto text =
        fault.position == 0
            ? fmt::format("damaged ({}): {}", fault.check, fault.detail)
            : fmt::format(
                  "damaged at position {} ({}): {}", fault.position, fault.check, fault.detail
              );
    const auto more = report.faults.size() - 1;
    if (more != 0) text += fmt::format(" (and {} more, see --json)", more);
    return text;
}

}  // namespace vitrine::api
