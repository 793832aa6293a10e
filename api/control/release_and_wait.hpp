#pragma once

#include <expected>
#include <string>

#include "projections/projections.hpp"

namespace vitrine::api {

/// Projections::release for a thread that may block.
std::expected<projections::ReleaseReport, projections::ReleaseError> release_and_wait(
    projections::Projections& projections, const std::string& name, projections::Release release
);

}  // namespace vitrine::api
