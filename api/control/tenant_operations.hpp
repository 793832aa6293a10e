#pragma once

#include "api/control/work.hpp"

// What an operator does to tenants, their API keys and the key that seals their secrets.
namespace vitrine::api {

Outcome tenant_add(const Work& work);
Outcome tenant_show(const Work& work);
Outcome tenant_list(const Work& work);
Outcome tenant_change(const Work& work);
Outcome tenant_retire(const Work& work);
Outcome tenant_withdraw(const Work& work);
Outcome key_add(const Work& work);
Outcome key_list(const Work& work);
Outcome key_shown(const Work& work);
Outcome key_revoke(const Work& work);
Outcome master_key_change(const Work& work);

}  // namespace vitrine::api
