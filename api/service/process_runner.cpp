#include "api/service/process_runner.hpp"

#include <string>
#include <utility>

#include "api/service/tell.hpp"
#include "processes/checkout.hpp"
#include "processes/schedules.hpp"

namespace vitrine::api {
namespace {

gateways::Connectors with_commands(
    gateways::Connectors connectors, processes::CommandEffects& commands
) {
    connectors.emplace(processes::commands_connector, &commands);
    return connectors;
}

/// It is asked about for longer than it may still appear, so that it can be sent again.
processes::RunnerOptions options_of(const ProcessParts& parts) {
    processes::RunnerOptions options;
    options.errand.settle = parts.settle;
    options.errand.patience = parts.settle + std::chrono::seconds(30);
    return options;
}

}  // namespace

ProcessRunner::ProcessRunner(const ProcessParts& parts)
    : open_(parts.projections.read_model("processes")),
      commands_(parts.bus, parts.store),
      runner_(
          {.loop = parts.loop,
           .store = parts.store,
           .kinds =
               {processes::process_of<processes::OfferSchedule>(),
                processes::process_of<processes::Checkout>()},
           .connectors = with_commands(parts.connectors, commands_),
           .time = parts.time,
           .open = open_,
           .checkpoint = parts.data / "processes.checkpoint",
           .notify = tell_process,
           .answered = [&bus = parts.bus](const store::CommandName& name) { bus.answered(name); }},
          options_of(parts)
      ) {}

}  // namespace vitrine::api
