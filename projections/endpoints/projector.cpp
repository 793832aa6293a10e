#include "core/text.hpp"
#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

/// Its type is "endpoint", or "deleted", so that a list of those there are passes over the others.
struct EndpointRow : StreamRow {
    static constexpr std::string_view category = "endpoint", table = "endpoints";

    std::string url;
    std::string types;        // JSON
    std::string description;  // JSON; empty: it has none
    std::string legacy_headers = "false";
    std::string legacy_signature_header;  // JSON; empty: the usual one
    std::string people = "false";
    std::string disabled_reason;  // JSON; empty: none
    std::string secret_number = "1";
    std::string secret_made_at;

    bool read(std::string_view name, json::value value) {
        if (name == "url") {
            url = text_of(value);
        } else if (name == "secret_made_at") {
            secret_made_at = text_of(value);
        } else if (auto* member = member_of(name)) {
            const auto raw = raw_of(value);
            *member = raw == "null" ? std::string_view() : raw;
        } else {
            return false;
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        if (event.type == "EndpointCreated") {
            type = "endpoint";
            status = "enabled";
        }
        if (event.type == "EndpointCreated" || event.type == "EndpointSecretRotated")
            secret_made_at = format_time(event.recorded_at);
        if (event.type == "EndpointDisabled") status = "disabled";
        if (event.type == "EndpointEnabled") {
            status = "enabled";
            disabled_reason.clear();
        }
        if (event.type == "EndpointDeleted") type = status = "deleted";
    }

    void write(std::string& out) const {
        append_text(out, "url", url);
        append_raw(out, "types", types);
        if (!description.empty()) append_raw(out, "description", description);
        append_raw(out, "legacy_headers", legacy_headers);
        if (!legacy_signature_header.empty())
            append_raw(out, "legacy_signature_header", legacy_signature_header);
        append_raw(out, "people", people);
        if (!disabled_reason.empty()) append_raw(out, "reason", disabled_reason);
        append_raw(out, "secret_number", secret_number);
        append_text(out, "secret_made_at", secret_made_at);
    }

    std::string words() const { return fold(url); }
    std::size_t bytes() const {
        return sizeof(EndpointRow) + url.size() + types.size() + description.size();
    }

private:
    std::string* member_of(std::string_view name) {
        if (name == "types") return &types;
        if (name == "description") return &description;
        if (name == "legacy_headers") return &legacy_headers;
        if (name == "legacy_signature_header") return &legacy_signature_header;
        if (name == "people") return &people;
        if (name == "reason") return &disabled_reason;
        if (name == "secret_number") return &secret_number;
        return nullptr;
    }
};

}  // namespace

Projection endpoints_projection() {
    return per_stream<EndpointRow>(1);
}

}  // namespace vitrine::projections
