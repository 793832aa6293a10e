#pragma once

#include "gateways/clubify/account.hpp"
#include "gateways/rest/peer.hpp"

namespace vitrine::clubify {

/// The platform as one account sees it: how it signs in, and what every request carries.
class ClubifyPeer : public rest::Peer {
public:
    ClubifyPeer(const Account& account, std::string user_agent);

    /// Does the account call as the same one still?
    bool is_for(const Account& account) const;

    Term name() const override;
    /// POST /auth/api-key/token: the one request without a token.
    std::optional<net::Request> sign_in() const override;
    std::optional<rest::Token> token_in(const JsonText& answer) const override;
    net::Request request(rest::Call call, const std::string& token) const override;
    std::vector<std::string_view> secrets() const override;

private:
    void add_common(net::Headers& headers) const;

    std::string api_key_, tenant_id_, organization_id_, user_agent_;
};

}  // namespace vitrine::clubify
