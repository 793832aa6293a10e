#include "events/keys.hpp"

namespace vitrine::events {

StreamName keys_stream(const TenantId& tenant) {
    return StreamName("keys-" + tenant.str());
}

const StreamName& master_key_stream() {
    static const StreamName name("keys-_master");
    return name;
}

}  // namespace vitrine::events
