#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/member_fault.hpp"
#include "store/keys.hpp"

namespace vitrine::store {

/// What a tenant must look like, but for what is JSON.
std::vector<MemberFault> tenant_faults(const Tenant& tenant);

/// Only of what is changed: what was taken before there was a rule against it does not stand in the
/// way of other changes.
std::vector<MemberFault> faults_of_change(const Tenant& before, const Tenant& tenant);

/// All in one sentence; nullopt: there are none.
std::optional<std::string> sentence_of(const std::vector<MemberFault>& faults);

/// What is wrong with a key that is asked for, as one sentence.
std::optional<std::string> fault_of(const KeyRequest& request, Timestamp now);

}  // namespace vitrine::store
