#include "sandbox/tokens.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/hmac.hpp"
#include "sandbox/json.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::string_view signing_key = "clubify-sandbox";
constexpr std::size_t most_known = 100'000;

std::string base64url(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const auto length = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()),
        static_cast<int>(bytes.size())
    );
    text.resize(static_cast<std::size_t>(length));
    while (text.ends_with('=')) text.pop_back();
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::optional<std::string> from_base64url(std::string text) {
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    const auto padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string bytes(text.size() / 4 * 3, '\0');
    const auto length = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        reinterpret_cast<const unsigned char*>(text.data()),
        static_cast<int>(text.size())
    );
    if (length < 0 || padding > 2) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

std::string signature_of(std::string_view text) {
    return base64url(bytes_of(hmac_sha256(signing_key, text)));
}

std::int64_t seconds_of(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// The claims of a token that we signed.
std::optional<Json> claims_of(std::string_view token) {
    const auto last = token.rfind('.');
    const auto first = token.find('.');
    if (token.size() > 4096 || first == std::string_view::npos || first == last)
        return std::nullopt;
    if (signature_of(token.substr(0, last)) != token.substr(last + 1)) return std::nullopt;
    const auto text = from_base64url(std::string(token.substr(first + 1, last - first - 1)));
    if (!text) return std::nullopt;
    auto claims = parse_json(*text);
    if (!claims || !member(*claims, "exp")) return std::nullopt;
    return std::move(*claims);
}

Timestamp expiry_of(const Json& claims) {
    return Timestamp(std::chrono::seconds(claims.at("exp").get<std::int64_t>()));
}

Grant grant_of(const Json& claims) {
    Grant grant;
    grant.mode = text_of(claims, "environment");
    grant.scope = text_of(claims, "scope");
    grant.tenant = text_of(claims, "tenant_id");
    grant.organization = text_of(claims, "organization_id");
    grant.tenants = claims.at("accessible_tenants").get<std::vector<std::string>>();
    return grant;
}

}  // namespace

bool Grant::may_use(std::string_view tenant_id) const {
    if (!tenant.empty()) return tenant == tenant_id;
    return std::ranges::any_of(tenants, [&](const auto& allowed) {
        return allowed == "*" || allowed == tenant_id;
    });
}

std::string Tokens::sign(
    const Grant& grant, std::string_view use, Timestamp now, Timestamp expires
) {
    const Json header{{"alg", "HS256"}, {"typ", "JWT"}};
    const Json claims{
        {"iss", "clubify-sandbox"},
        {"sub", grant.tenant.empty() ? grant.organization : grant.tenant},
        {"use", use},
        {"tenant_id", grant.tenant},
        {"organization_id", grant.organization},
        {"scope", grant.scope},
        {"environment", grant.mode},
        {"accessible_tenants", grant.tenants},
        {"roles", Json::array({"api"})},
        {"iat", seconds_of(now)},
        {"exp", seconds_of(expires)},
        {"jti", random_.hex(24)},
    };
    auto token = base64url(header.dump()) + '.' + base64url(claims.dump());
    return token + '.' + signature_of(token);
}

Tokens::Pair Tokens::issue(const Grant& grant, Timestamp now) {
    return {
        sign(grant, "access", now, now + lifetime),
        sign(grant, "refresh", now, now + refresh_lifetime)
    };
}

const Grant* Tokens::check(std::string_view token, Timestamp now) {
    auto found = known_.find(token);
    if (found == known_.end()) {
        const auto claims = claims_of(token);
        if (!claims || text_of(*claims, "use") != "access") return nullptr;
        if (known_.size() >= most_known) known_.clear();
        found = known_.emplace(token, Known{grant_of(*claims), expiry_of(*claims)}).first;
    }
    return now < found->second.expires ? &found->second.grant : nullptr;
}

std::optional<Grant> Tokens::redeem(std::string_view token, Timestamp now) {
    const auto claims = claims_of(token);
    if (!claims || text_of(*claims, "use") != "refresh" || now >= expiry_of(*claims)) {
        return std::nullopt;
    }
    if (!redeemed_.insert(std::string(text_of(*claims, "jti"))).second) return std::nullopt;
    return grant_of(*claims);
}

}  // namespace vitrine::sandbox
