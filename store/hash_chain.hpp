#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/sha256.hpp"
#include "core/time.hpp"
#include "events/envelope.hpp"

namespace vitrine::store {

/// What the hash of an event covers. Texts are the stored bytes, never parsed and written again.
struct ChainLink {
    std::string_view event_id;  // the text form: "0190c1f2-…", 36 characters
    std::string_view tenant;
    std::string_view stream;
    Version version = 0;
    std::string_view type;
    int schema = 1;
    Timestamp occurred_at;
    Timestamp recorded_at;
    std::string_view data;
    std::string_view metadata;
};

/// Of a recorded event; the texts are the event's.
ChainLink link_of(const events::RecordedEvent& event);

/// 64 lower-case hexadecimal digits.
std::string hash_text(const events::Hash& hash);
std::optional<events::Hash> parse_hash(std::string_view text);

/// The hash chain that makes the log tamper-evident, one per tenant.
///
/// The hash of an event is SHA-256 over eleven fields in this order:
///
///     previous  event_id  tenant  stream  version  type  schema
///     occurred_at  recorded_at  data  metadata
///
/// Each field is written as its length in bytes, an unsigned 64-bit big-endian number, followed by
/// its bytes:
///   - `previous` is the 32 bytes of the hash of the same tenant's event before it (by position);
///     for the tenant's first event, SHA-256 of the tenant id's bytes, without any length;
///   - event_id, tenant, stream, type, data and metadata are UTF-8 text as stored;
///   - version, schema, occurred_at and recorded_at are 64-bit big-endian numbers (so their length
///     is 8), times in microseconds since 1970-01-01T00:00:00Z, two's complement.
/// The position is not covered: a tenant's events keep their hashes when they move to another log.
///
/// Concurrency: one thread at a time.
class HashChain {
public:
    events::Hash first(std::string_view tenant);
    events::Hash next(const events::Hash& previous, const ChainLink& link);

private:
    Sha256 sha256_;
    std::string buffer_;
};

}  // namespace vitrine::store
