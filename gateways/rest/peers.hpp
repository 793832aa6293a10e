#pragma once

#include <map>
#include <memory>

#include "gateways/rest/peer.hpp"

namespace vitrine::rest {

/// The peer of each tenant: the same one as long as the tenant's account stays what it is.
/// `Known` is a Peer that is made of an account and says whether it `is_for` one.
///
/// Concurrency: all on one loop.
template <class Known>
class Peers {
public:
    template <class Account, class... More>
    std::shared_ptr<const Known> of(const Account& account, const More&... more) {
        auto& known = known_[account.tenant];
        if (!known || !known->is_for(account)) {
            known = std::make_shared<const Known>(account, more...);
        }
        return known;
    }

private:
    std::map<TenantId, std::shared_ptr<const Known>> known_;
};

}  // namespace vitrine::rest
