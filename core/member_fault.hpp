#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// What is wrong with members of something that operators register, as a sentence for them.
struct MemberFault {
    std::vector<std::string_view> members;  // that do not fit, or not together
    std::string detail;                     // never the value of a secret
};

}  // namespace vitrine
