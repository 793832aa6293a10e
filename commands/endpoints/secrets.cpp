#include "commands/endpoints/secrets.hpp"

#include <algorithm>

#include "commands/json.hpp"
#include "gateways/webhooks_out/signature.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t most_kept = 2;

std::string connector_of(const events::EndpointId& endpoint) {
    return "endpoint-" + endpoint.str();
}

}  // namespace

std::vector<EndpointSecrets::Kept> EndpointSecrets::kept(
    const TenantId& tenant, const events::EndpointId& endpoint
) {
    std::vector<Kept> all;
    const auto text = keys_.secret(tenant, connector_of(endpoint));
    if (!text) return all;
    for (const auto& each : Json::parse(text->text).at("secrets"))
        all.push_back({each.at("number").get<std::int64_t>(), each.at("secret").get<std::string>()}
        );
    return all;
}

std::optional<std::string> EndpointSecrets::show(const SecretOfEndpoint& which) {
    const std::scoped_lock lock(mutex_);
    auto all = kept(which.tenant, which.endpoint);
    const auto found = std::ranges::find(all, which.number, &Kept::number);
    if (found != all.end()) return found->text;
    all.insert(all.begin(), {which.number, webhooks_out::new_secret()});
    std::ranges::sort(all, std::greater(), &Kept::number);
    if (all.size() > most_kept) all.resize(most_kept);
    Json json;
    for (const auto& each : all)
        json["secrets"].push_back({{"number", each.number}, {"secret", each.text}});
    const auto saved =
        keys_.keep_secret(which.tenant, connector_of(which.endpoint), JsonText(json.dump()));
    if (!saved) return std::nullopt;
    return std::ranges::find(all, which.number, &Kept::number)->text;
}

std::optional<std::string> EndpointSecrets::find(
    const TenantId& tenant, const events::EndpointId& endpoint, std::int64_t number
) {
    const auto all = kept(tenant, endpoint);
    const auto found = std::ranges::find(all, number, &Kept::number);
    return found == all.end() ? std::nullopt : std::optional(found->text);
}

std::vector<std::string> EndpointSecrets::signing(const SecretOfEndpoint& newest, Timestamp now) {
    std::vector<std::string> signing;
    for (const auto& each : kept(newest.tenant, newest.endpoint)) {
        const bool is_newest = each.number == newest.number;
        const bool signs_beside =
            each.number == newest.number - 1 && (signing.empty() || now < newest.since + both_sign);
        if (is_newest || signs_beside) signing.push_back(each.text);
    }
    return signing;
}

void EndpointSecrets::forget(const TenantId& tenant, const events::EndpointId& endpoint) {
    const std::scoped_lock lock(mutex_);
    keys_.drop_secret(tenant, connector_of(endpoint));
}

}  // namespace vitrine::commands
