#include "events/orders.hpp"

#include "core/uuid.hpp"

namespace vitrine::events {

OrderId order_id_of(const TenantId& tenant, std::string_view platform_id) {
    return OrderId(uuid_of_text("order\n" + tenant.str() + '\n' + std::string(platform_id)));
}

}  // namespace vitrine::events
