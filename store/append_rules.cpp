#include "store/append_rules.hpp"

namespace vitrine::store {

bool is_met(const ExpectedVersion& expected, Version current) {
    using Kind = ExpectedVersion::Kind;
    switch (expected.kind) {
        case Kind::any:
            return true;
        case Kind::no_stream:
            return current == 0;
        case Kind::stream_exists:
            return current > 0;
        case Kind::exact:
            return current == expected.version;
    }
    return false;
}

bool same_content(
    const TenantId& tenant,
    const StreamName& stream,
    const NewEvent& asked,
    const RecordedEvent& stored
) {
    return stored.tenant == tenant && stored.stream == stream && stored.type == asked.type &&
           stored.schema == asked.schema && stored.data == asked.data &&
           stored.metadata == asked.metadata && stored.occurred_at == asked.occurred_at;
}

}  // namespace vitrine::store
