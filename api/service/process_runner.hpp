#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <filesystem>

#include "commands/engine/bus.hpp"
#include "gateways/effects.hpp"
#include "net/timekeeper.hpp"
#include "processes/command_effects.hpp"
#include "processes/modelled_processes.hpp"
#include "processes/runner.hpp"
#include "projections/projections.hpp"
#include "store/event_store.hpp"

namespace vitrine::api {

/// What the service's processes work with. References outlive them.
struct ProcessParts {
    boost::asio::any_io_executor loop;
    store::EventStore& store;
    const projections::Projections& projections;
    commands::CommandBus& bus;
    gateways::Connectors connectors;  // beside that of commands
    net::Timekeeper& time;
    std::filesystem::path data;        // where the checkpoint is
    std::chrono::milliseconds settle;  // how long what was sent may still appear elsewhere
};

/// Every kind of process that there is, and what runs them.
class ProcessRunner {
public:
    explicit ProcessRunner(const ProcessParts& parts);

    processes::Runner& runner() { return runner_; }

private:
    processes::ModelledProcesses open_;
    processes::CommandEffects commands_;
    processes::Runner runner_;
};

}  // namespace vitrine::api
