#pragma once

#include "net/http.hpp"
#include "sandbox/fault_rules.hpp"
#include "sandbox/keeping.hpp"
#include "sandbox/refusal.hpp"
#include "sandbox/request_log.hpp"
#include "sandbox/world.hpp"

namespace vitrine::sandbox {

/// The routes below /_sandbox, for whoever runs the sandbox: no authentication, no limits, not
/// logged.
class Control {
public:
    /// `keeping` may be nullptr: nothing outlives the program.
    Control(World& world, FaultRules& faults, RequestLog& log, Keeping* keeping)
        : world_(world), faults_(faults), log_(log), keeping_(keeping) {}

    static bool owns(const net::Target& target);

    Result handle(const net::Request& request, const net::Target& target);

private:
    Result faults(const net::Request& request);
    Result requests(const net::Request& request);
    Result clock(const net::Request& request);
    Result orders(const net::Request& request);
    Result payments(const net::Request& request, const std::string& id);

    World& world_;
    FaultRules& faults_;
    RequestLog& log_;
    Keeping* keeping_;
};

}  // namespace vitrine::sandbox
