#include "store/sqlite/older_secrets.hpp"

#include "core/json_append.hpp"
#include "store/damage.hpp"

namespace vitrine::store::sqlite {

std::string older_owner_of(const TenantId& tenant) {
    return "vitrine credentials of " + tenant.str();
}

Secrets older_secrets(std::string_view packed) {
    std::string json = "{";
    for (const auto* member : {"api_key", "tenant_id", "organization_id", "webhook_secret"}) {
        const auto end = packed.find('\0');
        if (end == std::string_view::npos) {
            throw Damaged("the key file is damaged: credentials are cut off");
        }
        append_text(json, member, packed.substr(0, end));
        packed.remove_prefix(end + 1);
    }
    return {{"clubify", JsonText(json + '}')}};
}

}  // namespace vitrine::store::sqlite
