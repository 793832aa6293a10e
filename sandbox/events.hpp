#pragma once

#include <string>
#include <string_view>

#include "sandbox/json.hpp"

namespace vitrine::sandbox {

/// Something that happened on the platform, for whoever configured a webhook.
struct PlatformEvent {
    std::string space;
    std::string organization;  // empty: not known
    std::string name;          // "order.paid"
    std::string data;          // an object, as JSON
};

class EventListener {
public:
    virtual ~EventListener() = default;

    /// Whether anyone is to be told: else the event need not be made.
    virtual bool wants(std::string_view space, std::string_view name) const = 0;
    virtual void tell(PlatformEvent event) = 0;
    /// A body for a URL, unsigned: what a client asked to be sent for a test.
    virtual void tell_url(std::string url, std::string body) = 0;
};

/// Names that a configuration may subscribe to. Events of offers are not attested: lenient mode has
/// them.
bool is_event_name(std::string_view name, bool strict);

}  // namespace vitrine::sandbox
