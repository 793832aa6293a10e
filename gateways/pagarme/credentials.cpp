#include "gateways/pagarme/credentials.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/base64.hpp"
#include "core/hmac.hpp"
#include "core/json_append.hpp"
#include "core/text.hpp"

namespace vitrine::pagarme {
namespace {

constexpr std::size_t longest_key = 255;
constexpr std::string_view key_prefix = "sk_";

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
}

}  // namespace

JsonText secret_of(const Credentials& credentials) {
    std::string json = "{";
    append_raw(json, "takes_payments", credentials.takes_payments ? "true" : "false");
    append_text(json, "secret_key", credentials.secret_key);
    append_text(json, "hook_user", credentials.hook_user);
    append_text(json, "hook_password", credentials.hook_password);
    return JsonText(json + '}');
}

Credentials credentials_in(const JsonText& secret) {
    try {
        const auto json = nlohmann::json::parse(secret.text);
        return {
            json.at("takes_payments").get<bool>(),
            json.at("secret_key").get<std::string>(),
            json.at("hook_user").get<std::string>(),
            json.at("hook_password").get<std::string>(),
        };
    } catch (const nlohmann::json::exception&) {
        // Without its words, which may quote what they are about.
        throw std::runtime_error("the credentials for Pagar.me are not what this program wrote");
    }
}

std::optional<std::pair<std::string, std::string>> hook_in(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos || !is_line(text, longest_key))
        return std::nullopt;
    return std::pair(std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)));
}

std::vector<MemberFault> key_faults(std::string_view secret_key) {
    if (secret_key.size() > key_prefix.size() && secret_key.size() <= longest_key &&
        secret_key.starts_with(key_prefix) && std::ranges::all_of(secret_key, is_key_character))
        return {};
    // Without the key itself: these sentences go to terminals and logs.
    return {{{"payments_key"}, "this is no secret key of Pagar.me: it begins with sk_"}};
}

std::vector<MemberFault> hook_faults(std::string_view hook) {
    if (hook_in(hook)) return {};
    return {
        {{"payments_hook"},
         "what hooks come in by is USER:PASSWORD, on one line of at most 255 bytes"}
    };
}

bool is_hook_of(const Credentials& credentials, std::string_view authorization) {
    constexpr std::string_view scheme = "Basic ";
    if (!authorization.starts_with(scheme) || credentials.secret_key.empty()) return false;
    const auto pair = decode_base64(authorization.substr(scheme.size()));
    if (!pair) return false;
    const auto& user =
        credentials.hook_user.empty() ? credentials.secret_key : credentials.hook_user;
    return equal_in_constant_time(user + ':' + credentials.hook_password, *pair);
}

}  // namespace vitrine::pagarme
