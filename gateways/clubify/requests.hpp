#pragma once

#include <string>

#include "gateways/clubify/account.hpp"
#include "gateways/clubify/call.hpp"
#include "net/http.hpp"

namespace vitrine::clubify {

/// POST /auth/api-key/token: the one request without a token.
net::Request sign_in_request(const Account& account, const std::string& user_agent);

net::Request call_request(
    const Account& account, Call call, const std::string& token, const std::string& user_agent
);

}  // namespace vitrine::clubify
