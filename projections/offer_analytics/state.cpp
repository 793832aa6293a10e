#include "projections/offer_analytics/state.hpp"

#include "projections/payload.hpp"

namespace vitrine::projections {

std::string render_counts(const std::map<std::string, std::int64_t, std::less<>>& counts) {
    std::string out = "{";
    for (const auto& [name, count] : counts) append_number(out, name, count);
    out += '}';
    return out;
}

}  // namespace vitrine::projections
