#pragma once

namespace vitrine {

/// std::visit(overloaded{lambdas…}, variant)
template <class... Functions>
struct overloaded : Functions... {
    using Functions::operator()...;
};

}  // namespace vitrine
