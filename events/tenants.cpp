#include "events/tenants.hpp"

namespace vitrine::events {

const TenantId& operator_tenant() {
    static const TenantId id("_operator");
    return id;
}

StreamName tenant_stream(const TenantId& id) {
    return StreamName("tenant-" + id.str());
}

}  // namespace vitrine::events
