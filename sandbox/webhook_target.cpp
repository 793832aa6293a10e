#include "sandbox/webhook_target.hpp"

namespace vitrine::sandbox {

std::optional<WebhookTarget> webhook_target(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    const auto path = std::min(url.find_first_of("/?", scheme + 3), url.size());
    auto base = net::parse_base_url(url.substr(0, path));
    if (!base) return std::nullopt;
    std::string target(url.substr(path));
    if (!target.starts_with('/')) target.insert(0, 1, '/');
    return WebhookTarget{std::move(*base), std::move(target)};
}

bool may_deliver_to(std::string_view url) {
    const auto target = webhook_target(url);
    return target && (target->base.tls || target->base.loopback());
}

}  // namespace vitrine::sandbox
