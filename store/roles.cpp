#include "store/keys.hpp"

namespace vitrine::store {

std::string_view role_name(Role role) {
    switch (role) {
        case Role::reader:
            return "reader";
        case Role::operator_:
            return "operator";
        case Role::admin:
            return "admin";
    }
    return {};
}

std::optional<Role> parse_role(std::string_view name) {
    for (const auto role : {Role::reader, Role::operator_, Role::admin}) {
        if (role_name(role) == name) return role;
    }
    return std::nullopt;
}

}  // namespace vitrine::store
