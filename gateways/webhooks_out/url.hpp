#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/phrase.hpp"
#include "net/client.hpp"

// Where an endpoint is. Pure: a name is looked up when it is called.
namespace vitrine::webhooks_out {

struct Target {
    net::BaseUrl origin;  // without a prefix
    std::string path;     // with the query: "/hooks?shop=1"; "/" at least
    std::string str() const;
};

/// Which receivers the operator allows.
enum class Receivers {
    of_the_internet,  // by https alone
    private_too,      // and those of this side; of this machine by http too
};

/// Whether a host may be called that has this address.
bool may_call(const net::asio::ip::address& address, Receivers receivers);

/// The URL of an endpoint: https, without a user or fragment, a name or a literal address that may
/// be called, the port 443 or one from 1024 on. The phrase says what is wrong with it.
std::expected<Target, Phrase> parse_target(std::string_view url, Receivers receivers);

}  // namespace vitrine::webhooks_out
