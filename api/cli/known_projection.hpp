#pragma once

#include <string>

namespace vitrine::api {

/// Throws UsageError, with the names that there are, unless it is a read model.
void require_projection(const std::string& name);

}  // namespace vitrine::api
