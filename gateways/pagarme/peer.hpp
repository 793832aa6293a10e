#pragma once

#include "gateways/pagarme/account.hpp"
#include "gateways/rest/peer.hpp"

namespace vitrine::pagarme {

/// Pagar.me as one account sees it: HTTP Basic with the secret key as the user and no password.
class PagarmePeer : public rest::Peer {
public:
    explicit PagarmePeer(const Account& account);

    /// Does the account call as the same one still?
    bool is_for(const Account& account) const;

    Term name() const override;
    std::optional<net::Request> sign_in() const override;
    std::optional<rest::Token> token_in(const JsonText& answer) const override;
    net::Request request(rest::Call call, const std::string& token) const override;
    std::vector<std::string_view> secrets() const override;

private:
    std::string secret_key_;
};

}  // namespace vitrine::pagarme
