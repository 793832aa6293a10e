#pragma once

#include "api/control/work.hpp"

// What operators are told of processes.
namespace vitrine::api {

/// {tenant?, kind?, state?, limit} -> the newest of each tenant, with its name.
Outcome process_list(const Work& work);

/// {tenant?, kind, id} -> the process with its steps and timers, and its tenant.
Outcome process_show(const Work& work);

}  // namespace vitrine::api
