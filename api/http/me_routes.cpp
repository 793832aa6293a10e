#include <nlohmann/json.hpp>

#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/respond.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

/// What a page needs to say whose shop it shows and what its reader may do.
queries::Result me(Backend& backend, const Call& call) {
    const auto& principal = call.principal;
    const auto tenant = backend.keys.find_tenant(principal.tenant);
    if (!tenant)
        return std::unexpected(
            queries::not_found({"there is no such tenant", "este tenant não existe"})
        );
    Json json;
    json["tenant"] = tenant->id.str();
    json["name"] = tenant->name.empty() ? tenant->id.str() : tenant->name;
    json["role"] = store::role_name(principal.role);
    json["actor"] = principal.name;
    json["environment"] = tenant->environment;
    json["domain"] = text_or_null(tenant->domain);
    json["locale"] = tenant->locale;
    queries::Answer answer;
    answer.body = json.dump();
    return answer;
}

const Route table[] = {
    {.name = "Me",
     .method = "GET",
     .pattern = "/v1/me",
     .access = Access::reader,
     .help = "Whose key this is: the tenant, its name and environment, the key's role, and as "
             "which actor what it does is recorded.",
     .query = me},
};

}  // namespace

RouteArea me_routes() {
    static constexpr char answers[] = {
#embed "answers/me.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
