#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>

#include "core/ids.hpp"

namespace vitrine::payments {

/// Who buys, in the open: read at the moment of sending, kept nowhere. What is not known is empty.
struct Buyer {
    struct Address {
        std::string street, number, neighborhood, complement, city, state, zip_code, country;
    };
    std::string customer_id;  // ours
    std::string name, email;
    std::string phone;     // E.164
    std::string document;  // CPF or CNPJ, digits alone
    Address address;
};

/// nullopt: nobody is known by that id, or they are erased. On the gateway's loop.
using Buyers = std::function<
    boost::asio::awaitable<std::optional<Buyer>>(TenantId tenant, std::string customer_id)>;

}  // namespace vitrine::payments
