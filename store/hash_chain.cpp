#include "store/hash_chain.hpp"

#include "core/text.hpp"

namespace vitrine::store {
namespace {

void put_number(std::string& out, std::uint64_t number) {
    char bytes[8];
    for (int i = 7; i >= 0; --i) {
        bytes[i] = static_cast<char>(number & 255);
        number >>= 8;
    }
    out.append(bytes, sizeof bytes);
}

void put_field(std::string& out, std::string_view bytes) {
    put_number(out, bytes.size());
    out.append(bytes);
}

void put_field(std::string& out, std::uint64_t number) {
    put_number(out, sizeof number);
    put_number(out, number);
}

void put_field(std::string& out, Timestamp time) {
    put_field(out, static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

std::optional<std::uint8_t> digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    return std::nullopt;
}

}  // namespace

ChainLink link_of(const events::RecordedEvent& event) {
    return {
        .event_id = event.id.view(),
        .tenant = event.tenant.view(),
        .stream = event.stream.view(),
        .version = event.version,
        .type = event.type,
        .schema = event.schema,
        .occurred_at = event.occurred_at,
        .recorded_at = event.recorded_at,
        .data = event.data,
        .metadata = event.metadata,
    };
}

std::string hash_text(const events::Hash& hash) {
    return to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::optional<events::Hash> parse_hash(std::string_view text) {
    events::Hash hash;
    if (text.size() != 2 * hash.size()) return std::nullopt;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const auto high = digit(text[2 * i]);
        const auto low = digit(text[2 * i + 1]);
        if (!high || !low) return std::nullopt;
        hash[i] = static_cast<std::uint8_t>(*high * 16 + *low);
    }
    return hash;
}

events::Hash HashChain::first(std::string_view tenant) {
    return sha256_.digest(tenant);
}

events::Hash HashChain::next(const events::Hash& previous, const ChainLink& link) {
    buffer_.clear();
    put_field(
        buffer_, std::string_view(reinterpret_cast<const char*>(previous.data()), previous.size())
    );
    put_field(buffer_, link.event_id);
    put_field(buffer_, link.tenant);
    put_field(buffer_, link.stream);
    put_field(buffer_, link.version);
    put_field(buffer_, link.type);
    put_field(buffer_, static_cast<std::uint64_t>(link.schema));
    put_field(buffer_, link.occurred_at);
    put_field(buffer_, link.recorded_at);
    put_field(buffer_, link.data);
    put_field(buffer_, link.metadata);
    return sha256_.digest(buffer_);
}

}  // namespace vitrine::store
