#include "gateways/webhooks_out/addresses.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace vitrine::webhooks_out {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;
using Bytes = address_v6::bytes_type;

struct Block4 {
    std::array<std::uint8_t, 4> begin;
    unsigned bits;
    Reach reach;
};

/// The IANA registry of special addresses of IPv4, and what clouds answer on besides.
constexpr Block4 blocks4[] = {
    {{0, 0, 0, 0}, 8, Reach::never},
    {{10, 0, 0, 0}, 8, Reach::this_side},
    {{100, 64, 0, 0}, 10, Reach::this_side},
    {{100, 100, 100, 200}, 32, Reach::never},  // metadata of a cloud
    {{127, 0, 0, 0}, 8, Reach::this_side},
    {{168, 63, 129, 16}, 32, Reach::never},  // metadata of a cloud
    {{169, 254, 0, 0}, 16, Reach::never},
    {{172, 16, 0, 0}, 12, Reach::this_side},
    {{192, 0, 0, 0}, 24, Reach::never},
    {{192, 0, 2, 0}, 24, Reach::never},
    {{192, 31, 196, 0}, 24, Reach::never},
    {{192, 52, 193, 0}, 24, Reach::never},
    {{192, 88, 99, 0}, 24, Reach::never},
    {{192, 168, 0, 0}, 16, Reach::this_side},
    {{192, 175, 48, 0}, 24, Reach::never},
    {{198, 18, 0, 0}, 15, Reach::never},
    {{198, 51, 100, 0}, 24, Reach::never},
    {{203, 0, 113, 0}, 24, Reach::never},
    {{224, 0, 0, 0}, 4, Reach::never},
    {{240, 0, 0, 0}, 4, Reach::never},
};

struct Block6 {
    Bytes begin;
    unsigned bits;
    Reach reach;
};

/// Beside 2000::/3, which is the internet of IPv6, and what within it is not.
constexpr Block6 blocks6[] = {
    {{0xfd, 0x00, 0x0e, 0xc2}, 32, Reach::never},  // metadata of a cloud
    {{0xfc}, 7, Reach::this_side},
    {{0x20, 0x01, 0x00}, 23, Reach::never},              // protocols, Teredo among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32, Reach::never},        // documents
    {{0x26, 0x20, 0x00, 0x4f, 0x80}, 48, Reach::never},  // AS112
    {{0x3f, 0xff, 0x00}, 20, Reach::never},              // documents
    {{0x20}, 3, Reach::anywhere},
};

bool starts_with(
    std::span<const std::uint8_t> address, std::span<const std::uint8_t> begin, unsigned bits
) {
    const auto whole = bits / 8;
    if (!std::ranges::equal(address.first(whole), begin.first(whole))) return false;
    const auto rest = bits % 8;
    return rest == 0 || (address[whole] ^ begin[whole]) >> (8 - rest) == 0;
}

/// The narrowest block that has it.
template <class Block>
const Block* block_of(std::span<const std::uint8_t> address, std::span<const Block> blocks) {
    const Block* found = nullptr;
    for (const auto& block : blocks) {
        if (starts_with(address, block.begin, block.bits) &&
            (found == nullptr || block.bits > found->bits))
            found = &block;
    }
    return found;
}

Reach reach_of(const address_v4& address) {
    const auto bytes = address.to_bytes();
    const auto* block = block_of<Block4>(bytes, blocks4);
    return block == nullptr ? Reach::anywhere : block->reach;
}

address_v4 carried(const Bytes& bytes, std::size_t at) {
    return address_v4({bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]});
}

bool is_of(const Bytes& bytes, const Bytes& begin, unsigned bits) {
    return starts_with(bytes, begin, bits);
}

constexpr Bytes mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr Bytes nat64{0x00, 0x64, 0xff, 0x9b};
constexpr Bytes six_to_four{0x20, 0x02};

/// Whether the lower half is one of ISATAP (RFC 5214): 0000:5efe or 0200:5efe, then IPv4.
bool is_isatap(const Bytes& bytes) {
    return (bytes[8] == 0x00 || bytes[8] == 0x02) && bytes[9] == 0x00 && bytes[10] == 0x5e &&
           bytes[11] == 0xfe;
}

Reach reach_of(const address_v6& address) {
    const auto bytes = address.to_bytes();
    if (address.is_loopback()) return Reach::this_side;
    if (is_of(bytes, mapped, 96)) return reach_of(carried(bytes, 12));
    if (is_of(bytes, nat64, 96)) return reach_of(carried(bytes, 12));
    if (is_of(bytes, six_to_four, 16)) return reach_of(carried(bytes, 2));
    const auto* block = block_of<Block6>(bytes, blocks6);
    const auto reach = block == nullptr ? Reach::never : block->reach;
    return is_isatap(bytes) ? std::max(reach, reach_of(carried(bytes, 12))) : reach;
}

}  // namespace

Reach reach_of(const boost::asio::ip::address& address) {
    return address.is_v4() ? reach_of(address.to_v4()) : reach_of(address.to_v6());
}

}  // namespace vitrine::webhooks_out
