#pragma once

#include <string>

#include "commands/engine/notice.hpp"
#include "gateways/rest/outages.hpp"
#include "processes/notice.hpp"
#include "projections/progress.hpp"
#include "projections/status.hpp"

// How the log's lines about what goes on beside requests are worded.
namespace vitrine::api {

void tell_projection(const projections::Status& status);
void tell_build(const std::string& projection, const projections::RebuildProgress& progress);
void tell_failed_rebuild(const std::string& projection, const std::string& reason);
void tell_command(const commands::Notice& notice);
void tell_process(const processes::Notice& notice);
void tell_platform(const rest::PeerNews& news);

}  // namespace vitrine::api
