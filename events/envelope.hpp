#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace vitrine::events {

/// SHA-256.
using Hash = std::array<std::uint8_t, 32>;

/// Who and what led to an event. Stored as JSON beside the data: see encode_metadata.
struct Metadata {
    CorrelationId correlation_id;
    std::string causation_id;  // the event or command that caused it; empty: the command itself
    CommandId command_id;
    std::string actor;        // the principal: "key:<prefix>"
    std::string traceparent;  // W3C trace context; may be empty
    bool operator==(const Metadata&) const = default;
};

/// An event to be appended. `data` and `metadata` are JSON, kept byte for byte.
struct NewEvent {
    EventId id;
    std::string type;
    int schema = 1;
    std::string data;
    std::string metadata;
    Timestamp occurred_at;
    bool operator==(const NewEvent&) const = default;
};

/// An event of the log. `data` is as it was written, at version `schema` of its payload: see
/// upcast.
struct RecordedEvent {
    Position position = 0;
    EventId id;
    TenantId tenant;
    StreamName stream;
    Position stream_number = 0;  // of its first event: tells the streams of all tenants apart
    Version version = 0;
    std::string type;
    int schema = 1;
    std::string data;
    std::string metadata;
    Timestamp occurred_at;
    Timestamp recorded_at;  // never decreases along positions; what as_of, --since and --until mean
    Hash hash{};
    bool operator==(const RecordedEvent&) const = default;
};

/// "offer" of "offer-0190…".
std::string_view category_of(const StreamName& stream);

/// "0190…" of "offer-0190…".
std::string_view id_of(const StreamName& stream);

StreamName stream_of(const OfferId& id);    // "offer-<id>"
StreamName stream_of(const ProductId& id);  // "product-<id>"
StreamName stream_of(const CommandId& id);  // "command-<id>": attempts that failed

std::string encode_metadata(const Metadata& metadata);

/// Throws std::runtime_error if it is not what encode_metadata writes.
Metadata decode_metadata(std::string_view json);

}  // namespace vitrine::events
