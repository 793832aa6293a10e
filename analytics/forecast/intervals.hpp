#pragma once

#include <vector>

namespace vitrine::analytics {

/// Half the width of an interval, by step ahead, in units of the error one step ahead.
struct IntervalWidths {
    std::vector<double> within80, within95;
};

/// `errors[h]`: absolute errors that were made h + 1 steps ahead, in the same units. Where they are
/// few, the widths of a random walk with normal errors count as well.
IntervalWidths interval_widths(std::vector<std::vector<double>> errors);

}  // namespace vitrine::analytics
