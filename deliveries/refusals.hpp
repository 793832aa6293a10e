#pragma once

#include <expected>

#include "deliveries/runner.hpp"

// For the .cpp files of this folder: what they refuse, whether something runs or not.
namespace vitrine::deliveries {

std::unexpected<Refused> no_receiver(const ReceiverName& name);
std::unexpected<Refused> no_delivery();
std::unexpected<Refused> is_under_way();
std::unexpected<Refused> no_range();

/// Whether a range begins and ends as it should.
bool is_range(Position from, const std::optional<Position>& to);

}  // namespace vitrine::deliveries
