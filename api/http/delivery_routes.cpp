// How receivers outside stand: what is carried to them, and what waits.
#include <nlohmann/json.hpp>

#include "api/control/delivery_json.hpp"
#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "deliveries/runner.hpp"

namespace vitrine::api {
namespace {

queries::Result get_deliveries(Backend& backend, const Call& call) {
    nlohmann::ordered_json json;
    json["items"] = nlohmann::ordered_json::array();
    for (const auto& status : backend.deliveries.status(call.principal.tenant))
        json["items"].push_back(to_json(status));
    queries::Answer answer;
    answer.body = json.dump();
    return answer;
}

const Route table[] = {
    {.name = "GetDeliveries",
     .method = "GET",
     .pattern = "/v1/deliveries",
     .access = Access::reader,
     .help = "How each of the tenant's receivers stands: up to which position everything is taken "
             "or a dead letter, what is behind it, and what waits.",
     .query = get_deliveries},
};

}  // namespace

RouteArea delivery_routes() {
    static constexpr char answers[] = {
#embed "answers/deliveries.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
