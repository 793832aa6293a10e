#include "api/service/tell.hpp"

#include <cmath>

#include "api/log/log.hpp"

namespace vitrine::api {
namespace {

using log::Fields;

/// Once for each reason, however often it is tried again. An event that cannot be applied waits for
/// an operator; everything else passes.
void tell_stop(const projections::Status& status) {
    const auto& stop = *status.stop;
    if (stop.attempts > 1) return;
    Fields fields{{"projection", status.name}};
    if (stop.position != 0) fields.emplace_back("position", stop.position);
    fields.emplace_back("type", stop.event_type);
    fields.emplace_back("reason", stop.reason);
    log::write(
        stop.position != 0 ? log::Level::error : log::Level::warn, "projection stopped", fields
    );
}

}  // namespace

void tell_projection(const projections::Status& status) {
    if (status.stop) return tell_stop(status);
    const auto event = "projection " + std::string(projections::state_name(status.state));
    Fields fields{
        {"projection", status.name},
        {"version", status.version},
        {"generation", status.generation},
        {"position", status.position}
    };
    if (!status.first_parked) return log::info(event, fields);
    const auto& first = *status.first_parked;
    fields.insert(
        fields.end(),
        {{"parked", status.parked},
         {"first_parked", first.position},
         {"tenant", first.tenant.str()},
         {"stream", first.stream.str()},
         {"reason", first.reason}}
    );
    log::warn(event, fields);
}

void tell_build(const std::string& projection, const projections::RebuildProgress& progress) {
    Fields fields{
        {"projection", projection},
        {"phase", projections::phase_name(progress.phase)},
        {"done", progress.done},
        {"total", progress.total}
    };
    if (const auto left = projections::seconds_left(progress))
        fields.emplace_back("seconds_left", std::lround(*left));
    log::info("projection being built", fields);
}

void tell_failed_rebuild(const std::string& projection, const std::string& reason) {
    log::warn("projection rebuild failed", {{"projection", projection}, {"reason", reason}});
}

void tell_command(const commands::Notice& notice) {
    Fields fields{
        {"name", notice.name},
        {"command_id", notice.command_id.str()},
        {"correlation_id", notice.correlation_id.str()},
        {"tenant", notice.tenant.str()},
        {"stream", notice.stream.str()}
    };
    if (notice.status != 0) fields.emplace_back("status", notice.status);
    fields.emplace_back("problem", notice.problem);
    if (notice.position != 0) fields.emplace_back("position", notice.position);
    fields.emplace_back("reason", notice.reason);
    const bool warns = notice.level == commands::Notice::Level::warning;
    log::write(warns ? log::Level::warn : log::Level::info, notice.event, fields);
}

void tell_process(const processes::Notice& notice) {
    const Fields fields{
        {"kind", notice.process.kind},
        {"id", notice.process.id},
        {"tenant", notice.process.tenant.str()},
        {"what", notice.what},
        {"reason", notice.reason}
    };
    const bool warns = notice.level == processes::Notice::Level::warning;
    log::write(warns ? log::Level::warn : log::Level::info, notice.event, fields);
}

void tell_platform(const rest::PeerNews& news) {
    const Fields fields{
        {"platform", news.peer}, {"tenant", news.tenant.str()}, {"reason", news.reason}
    };
    switch (news.kind) {
        case rest::PeerNews::Kind::fails:
            return log::warn("the platform does not answer", fields);
        case rest::PeerNews::Kind::answers:
            return log::info("the platform answers again", fields);
        case rest::PeerNews::Kind::held_back:
            return log::warn("calls to the platform are held back", fields);
        case rest::PeerNews::Kind::let_go:
            return log::info("calls to the platform are no longer held back", fields);
    }
}

}  // namespace vitrine::api
