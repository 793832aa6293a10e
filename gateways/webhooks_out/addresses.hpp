#pragma once

#include <boost/asio/ip/address.hpp>

// Which addresses a tenant may have us call. Pure.
namespace vitrine::webhooks_out {

enum class Reach {
    anywhere,   // an address of the internet
    this_side,  // loopback, private (RFC 1918, RFC 4193), shared with a carrier (RFC 6598): only
                // where the operator allows it
    never,      // link-local with the metadata of clouds, multicast, reserved, of no meaning
};

/// Where an address leads. Of one that carries an IPv4 address (mapped, NAT64, 6to4, ISATAP): where
/// that leads.
Reach reach_of(const boost::asio::ip::address& address);

}  // namespace vitrine::webhooks_out
