#pragma once

#include "api/control/work.hpp"

namespace vitrine::api {

/// Of a file that this process reads: {"faults":[{"line","what"}],"fault_count"}, and then nothing
/// is kept, or what became of it.
Outcome orders_import(const Work& work);

/// Of each tenant: how many orders there are, and those whose lines do not sum to their total.
Outcome orders_check(const Work& work);

}  // namespace vitrine::api
